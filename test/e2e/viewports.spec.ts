/**
 * Pictures of the viewports beside references in `test/fixtures/viewports`, which this test writes when it runs with
 * `ILIUM_E2E_UPDATE=1`; look at them before they are committed. Made with Chromium's SwiftShader; the tolerance allows for other
 * rasterisers' rounding at edges, and neither for half a voxel nor for another window.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { comparePictures } from './support/comparePictures.ts';
import { root } from './support/places.ts';
import { expect, test } from './support/test.ts';

const folder = join(root, 'test/fixtures/viewports');
const tolerance = { mean: 1.5, outliers: 0.005 };

test.use({ workspaceKind: 'prepared', viewport: { width: 1104, height: 720 } });

async function expectReference(name: string, picture: Buffer): Promise<void> {
  const path = join(folder, `${name}.png`);
  if (process.env['ILIUM_E2E_UPDATE']) {
    await mkdir(folder, { recursive: true });
    await writeFile(path, picture);
  }
  const { mean, outliers } = comparePictures(picture, await readFile(path));
  expect.soft(mean, `${name}: mean difference, grey levels`).toBeLessThan(tolerance.mean);
  expect.soft(outliers, `${name}: share of pixels that differ`).toBeLessThan(tolerance.outliers);
}

test('viewports show a small phantom as the references do', async ({ shell, served }) => {
  const cases = await served.get<CaseSummary[]>('cases');
  const study = cases.find(({ label, scts }) => scts.length === 0 && label.endsWith('002'));
  if (!study) throw new Error('The cohort has no second phantom.');
  await shell.openFromLibrary(study);
  const page = new SynthesizePage(shell.page);
  await page.loaded('mr', 'ct');
  await shell.settled();
  await expectReference('mr-axial', await page.picture(page.view('mr')));
  await expectReference('ct-coronal', await page.picture(page.view('ct', 'coronal')));

  // The comparison is not blind: the next slice is another picture.
  await page.view('mr').focus();
  const before = await page.picture(page.view('mr'));
  await shell.page.keyboard.press('ArrowDown');
  await shell.settled();
  const { mean } = comparePictures(await page.picture(page.view('mr')), before);
  expect(mean).toBeGreaterThan(tolerance.mean);
});
