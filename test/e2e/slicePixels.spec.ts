/** What a viewport shows is what the volume holds: pixels of the picture against values computed from the voxels. */
import { expect, test } from './support/test.ts';
import { decodePng } from './support/png.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import type { ImportResult } from '../../src-main/api/contract/jobs.ts';
import type { VolumeHeader } from '../../src-main/api/contract/volumes.ts';
import { gridCentre, nearestVoxelCentre } from '../../src-renderer/lib/geometry.ts';
import { sampleVolume } from '../../src-renderer/lib/sampling.ts';
import { fittedMmPerPixel } from '../../src-renderer/lib/viewCamera.ts';
import { onSlice, sliceAt, viewPlanes, type PlaneName } from '../../src-renderer/lib/viewPlane.ts';
import { toLps, type Projection } from '../../src-renderer/lib/viewProjection.ts';
import { makeVolume } from '../../src-renderer/lib/volume.ts';
import { automaticWindow, greyOf, HU_PRESETS } from '../../src-renderer/lib/windowing.ts';

/** Grey levels of 255: rounding of the texture, of the colour table and of the screen. */
const TOLERANCE = 3;

test('every pixel of a slice is the value at its place in the patient', async ({ shell, served }) => {
  const made = await served.work<ImportResult>({ kind: 'phantom-study', seed: 3 });
  const caseId = made.cases[0]?.caseId ?? '';
  const study = (await served.get<CaseSummary[]>('cases')).find((entry) => entry.caseId === caseId);
  const reference = study?.mr;
  if (!study || !reference) throw new Error('The phantom has no MR.');
  const page = new SynthesizePage(shell.page);
  await shell.page.reload();
  await shell.page.getByRole('main').getByRole('button', { name: study.label }).first().click();
  await page.loaded('mr', 'ct');
  await shell.settled();
  await shell.page.keyboard.press('x');

  const cursor = nearestVoxelCentre(reference, gridCentre(reference));
  for (const image of ['mr', 'ct'] as const) {
    const answer = await served.request(`cases/${caseId}/volumes/${image}`);
    const header = JSON.parse(answer.headers.get('Ilium-Volume') ?? '') as VolumeHeader;
    const volume = makeVolume(header, await answer.arrayBuffer());
    const window = image === 'mr' ? automaticWindow(header.typicalRange) : HU_PRESETS.bone;
    for (const plane of ['axial', 'coronal'] as const satisfies readonly PlaneName[]) {
      const box = await page.view(image, plane).boundingBox();
      if (!box) throw new Error(`${image} ${plane} is not on screen.`);
      const shown = viewPlanes(reference)[plane];
      const view: Projection = {
        width: box.width,
        height: box.height,
        centre: onSlice(reference, shown, gridCentre(reference), sliceAt(reference, shown, cursor)),
        right: shown.right,
        up: shown.up,
        mmPerPixel: fittedMmPerPixel(reference, shown, box.width, box.height),
      };
      const picture = decodePng(await shell.page.screenshot({ clip: box }));
      let [compared, wrong] = [0, 0];
      // The middle of the viewport: letters, rail and scale bar lie at its edges.
      for (let y = Math.round(box.height * 0.2); y < box.height * 0.8; y += 3)
        for (let x = Math.round(box.width * 0.15); x < box.width * 0.85; x += 3) {
          const value = sampleVolume(volume, toLps(view, [x + 0.5, y + 0.5]));
          const expected = value === null ? 0 : 255 * greyOf(value, window);
          const seen = picture.data[4 * (y * picture.width + x)] ?? NaN;
          compared += 1;
          if (Math.abs(seen - expected) > TOLERANCE) wrong += 1;
        }
      expect(compared).toBeGreaterThan(5000);
      expect(wrong / compared, `${image} ${plane}: share of pixels that differ`).toBeLessThan(0.002);
    }
  }
});
