import { describe, expect, it } from 'vitest';
import { applyAffine } from '../../../../src-main/shared/affine.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import type { Grid, Volume } from '../../../../src-main/shared/volume.ts';
import { evaluateVolumes } from '../../../../src-main/workflows/evaluate/evaluateVolumes.ts';
import type { NamedVolume } from '../../../../src-main/workflows/evaluate/onCtGrid.ts';
import { evaluationReportSchema } from '../../../../src-main/workflows/evaluate/evaluationReport.ts';

const grid: Grid = { size: [16, 12, 10], indexToLps: [2, 0, 0, -16, 0, 2, 0, -12, 0, 0, 3, 5] };
const count = 16 * 12 * 10;

/** A box of bone in soft tissue in air, with noise so that no window is constant. */
function phantom(boneHu = 600): Volume<Int16Array> {
  const random = createRandom(1);
  const data = new Int16Array(count);
  for (let at = 0; at < count; at++) {
    const [i, j] = [at % 16, Math.floor(at / 16) % 12];
    const inBody = i > 1 && i < 14 && j > 1 && j < 10;
    const inBone = i > 5 && i < 10 && j > 4 && j < 8;
    data[at] = Math.round((inBone ? boneHu : inBody ? 40 : -900) + 10 * random.normal());
  }
  return { grid, data };
}
const named = (name: string, volume: Volume): NamedVolume => ({ name, volume });
const changed = (volume: Volume, change: (value: number, at: number) => number): Volume => ({
  grid: volume.grid,
  data: Float32Array.from(volume.data, change),
});

describe('evaluateVolumes', () => {
  const ct = phantom();

  it('finds equal volumes equal', () => {
    const report = evaluateVolumes({ ct: named('ct', ct), sct: named('sct', ct) });
    expect(report.overall).toMatchObject({ maeHu: 0, meanErrorHu: 0, psnrDb: null, identical: true });
    expect(report.overall.ssim).toBeCloseTo(1, 9);
    expect(report.voxels).toBe(count);
    for (const { dice, surfaceMeanMm, surface95Mm } of report.bone) {
      expect({ dice, surfaceMeanMm, surface95Mm }).toEqual({ dice: 1, surfaceMeanMm: 0, surface95Mm: 0 });
    }
    expect(report.findings).toEqual([]);
    const whole = { ...report, lpips: [], notInstalled: [] };
    expect(evaluationReportSchema.parse(whole)).toEqual(whole);
  });

  it('measures a bias in every class, with its sign', () => {
    const report = evaluateVolumes({
      ct: named('ct', ct),
      sct: named(
        'sct',
        changed(ct, (value) => value - 25),
      ),
    });
    expect(report.overall.maeHu).toBeCloseTo(25, 9);
    expect(report.tissues.map(({ meanErrorHu }) => meanErrorHu)).toEqual([-25, -25, -25]);
    expect(report.tissues.reduce((sum, { voxels }) => sum + voxels, 0)).toBe(count);
    expect(report.overall.psnrDb).toBeCloseTo(20 * Math.log10(4024 / 25), 9);
  });

  it('measures distances of a tilted stack in millimetres of the patient', () => {
    // Balls of 12 and 18 mm about one middle, on slices that slide by 25 degrees: their surfaces are 6 mm apart everywhere.
    const slide = 3 * Math.tan((25 * Math.PI) / 180);
    const tilted: Grid = {
      size: [40, 60, 20],
      indexToLps: [1.5, 0, 0, -30, 0, 1.5, slide, -58, 0, 0, 3, -30],
    };
    const ball = (radius: number): Volume<Int16Array> => {
      const data = new Int16Array(40 * 60 * 20);
      for (let at = 0; at < data.length; at++) {
        const index = [at % 40, Math.floor(at / 40) % 60, Math.floor(at / 2400)] as const;
        data[at] = Math.hypot(...applyAffine(tilted.indexToLps, index)) < radius ? 700 : 0;
      }
      return { grid: tilted, data };
    };
    const report = evaluateVolumes({ ct: named('ct', ball(12)), sct: named('sct', ball(18)) });
    expect(report.bone[1]!.surfaceMeanMm).toBeGreaterThan(5.4);
    expect(report.bone[1]!.surface95Mm).toBeLessThan(6.9);
    expect(report.findings).toMatchObject([
      { code: 'ct-set-upright', details: { degrees: '25.0' } },
      { code: 'sct-resampled' },
    ]);
    // What the slices never reached is no error.
    const same = evaluateVolumes({ ct: named('ct', ball(12)), sct: named('sct', ball(12)) });
    expect(same.overall.maeHu).toBe(0);
    expect(same.voxels).toBeLessThan(same.grid.size.reduce((a, b) => a * b));
  });

  it('counts only the voxels of the mask', () => {
    const mask: Volume = { grid, data: Uint8Array.from(ct.data, (value) => (value > -500 ? 1 : 0)) };
    const sct = changed(ct, (value) => (value > -500 ? value + 8 : value + 500));
    const report = evaluateVolumes({
      ct: named('ct', ct),
      sct: named('sct', sct),
      mask: named('body', mask),
    });
    expect(report.overall.maeHu).toBeCloseTo(8, 9);
    expect(report.subject.mask).toBe('body');
    expect(report.voxels).toBe(Array.from(mask.data).filter((value) => value > 0).length);
  });

  it('resamples an sCT on another grid, says so, and says what it does not reach', () => {
    const upper: Volume = {
      grid: { size: [16, 12, 5], indexToLps: [2, 0, 0, -16, 0, 2, 0, -12, 0, 0, 3, 20] },
      data: ct.data.slice(16 * 12 * 5),
    };
    const report = evaluateVolumes({ ct: named('ct', ct), sct: named('half', upper) });
    expect(report.findings.map(({ code, subject, details }) => ({ code, subject, details }))).toEqual([
      { code: 'sct-resampled', subject: 'half', details: {} },
      { code: 'sct-does-not-cover', subject: 'half', details: { share: '50.0' } },
    ]);
    const shared = { grid: upper.grid, data: upper.data };
    expect(evaluateVolumes({ ct: named('ct', shared), sct: named('ct', ct) }).overall.maeHu).toBeCloseTo(
      0,
      5,
    );
  });

  it('shows bone measures as undefined where there is no bone', () => {
    const report = evaluateVolumes({ ct: named('ct', phantom(40)), sct: named('sct', phantom(40)) });
    expect(report.bone).toEqual(
      [150, 250].map((thresholdHu) => ({ thresholdHu, dice: null, surfaceMeanMm: null, surface95Mm: null })),
    );
  });

  it('refuses values that are not finite and a mask without voxels', () => {
    const broken = changed(ct, (value, at) => (at < 3 ? NaN : value));
    expect(() => evaluateVolumes({ ct: named('ct', ct), sct: named('bad.nii', broken) })).toThrow(
      'bad.nii holds 3 values that are not finite numbers.',
    );
    const empty: Volume = { grid, data: new Uint8Array(count) };
    const input = { ct: named('ct', ct), sct: named('sct', ct), mask: named('empty.nii', empty) };
    expect(() => evaluateVolumes(input)).toThrow('empty.nii holds no voxels.');
  });
});
