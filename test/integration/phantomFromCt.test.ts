/** `ilium phantom --from-ct` on the real pelvis CT with its masks. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNifti } from '../../src-main/formats/nifti/readNifti.ts';
import { tissues } from '../../src-main/imaging/phantom/tissues.ts';
import type { PhantomManifest } from '../../src-main/workflows/phantom/phantomManifest.ts';
import { runIlium, runIliumJson } from '../fixtures/runIlium.ts';
import { sharedData } from '../fixtures/sharedData.ts';

const data = sharedData('totalsegmentator');
const parent = mkdtempSync(join(tmpdir(), 'ilium-from-ct-'));
afterAll(() => rmSync(parent, { recursive: true }));

describe.runIf(data !== null)('pairs from a real segmented CT', () => {
  const out = join(parent, 'cohort');
  const volume = (path: string): Float32Array =>
    Float32Array.from(readNifti(readFileSync(join(out, path)), path).data);

  it('have real bone, plausible contrast and the misalignment that was asked for', () => {
    const folder = data ?? '';
    const manifest = runIliumJson<PhantomManifest>([
      'phantom',
      ...['--from-ct', join(folder, 'example_ct.nii.gz')],
      ...['--labels', join(folder, 'example_ct_masks_0effae9')],
      ...['--out', out, '--cases', '2', '--seed', '5', '--misalign', '6', '--nifti'],
    ]);
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, 'example_ct.nii.gz')))
      .digest('hex');
    expect(manifest.scan).toEqual({
      ...{ sizePx: [122, 101, 112], masks: 102 },
      sha256: { ct: digest, labels: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
    // Of a body 36.6 cm wide and 28.2 cm deep, whose hip bones begin in the scan's first slice.
    expect(manifest.grid).toEqual({ sizePx: [216, 176], spacingMm: 2, slices: 25, sliceSpacingMm: 5 });
    expect(manifest.cases.map(({ misalignMm }) => misalignMm).toSorted()).toEqual([0.5, 6]);
    for (const { mr, ct, truth } of manifest.cases) {
      const labels = volume(truth.labels);
      const trueCt = volume(truth.ct);
      const [mrValues, ctValues] = [volume(mr), volume(ct)];
      const mean = (values: ArrayLike<number>, { label }: { readonly label: number }): number => {
        let [sum, count] = [0, 0];
        for (let at = 0; at < labels.length; at++) {
          if (labels[at] !== label) continue;
          sum += values[at]!;
          count++;
        }
        expect(count).toBeGreaterThan(300);
        return sum / count;
      };
      const inside = labels.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0);
      const [columns, rows] = manifest.grid.sizePx;
      const atSide = labels.filter((label, at) => {
        const [i, j] = [at % columns, Math.floor(at / columns) % rows];
        return label > 0 && (i === 0 || j === 0 || i === columns - 1 || j === rows - 1);
      });
      expect(atSide.length).toBe(0);
      expect(inside / labels.length).toBeGreaterThan(0.3);
      const boneShare = trueCt.reduce((sum, hu) => sum + (hu > 250 ? 1 : 0), 0) / inside;
      expect(boneShare).toBeGreaterThan(0.02);
      expect(boneShare).toBeLessThan(0.2);
      const { fat, muscle, bladder, cortex, trabecular } = tissues;
      expect(mean(trueCt, fat)).toBeLessThan(-70);
      expect(mean(trueCt, fat)).toBeGreaterThan(-120);
      // An old patient's muscle holds fat.
      expect(mean(trueCt, muscle)).toBeLessThan(60);
      expect(mean(trueCt, muscle)).toBeGreaterThan(10);
      const signals = [fat, muscle, bladder].map((tissue) => mean(mrValues, tissue));
      expect(signals).toEqual(signals.toSorted((a, b) => b - a));
      expect(mean(mrValues, cortex)).toBeLessThan(0.8 * mean(mrValues, trabecular));
      expect(ctValues).not.toEqual(trueCt);
    }
  });

  it('warn of a size that cuts the patient off and of slices that the CT does not have', () => {
    const folder = data ?? '';
    const { code, err } = runIlium([
      ...['phantom', '--from-ct', join(folder, 'example_ct.nii.gz')],
      ...['--labels', join(folder, 'example_ct_masks_0effae9'), '--size', '192,128', '--slices', '40'],
      ...['--out', join(parent, 'small'), '--cases', '1', '--nifti'],
    ]);
    expect(code).toBe(0);
    expect(err).toContain('The body is cut off at the');
    expect(err).toMatch(/reach beyond the CT along the axis: in up to \d+ of 40 slices/);
  });
});
