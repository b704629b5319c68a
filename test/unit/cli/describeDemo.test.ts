import { describe, expect, it } from 'vitest';
import { describeDemo } from '../../../src-main/cli/describeDemo.ts';
import { hasDisplay } from '../../../src-main/cli/openInViewer.ts';
import type { DemoResult } from '../../../src-main/services/demo/demoResult.ts';

const alignment = {
  right: { pixels: 900, positiveShare: 0.7, meanWeight: 1.1 },
  wrong: { pixels: 100, positiveShare: 0.5, meanWeight: 0.4 },
  auc: 0.62,
};
const result: DemoResult = {
  workspace: 'W',
  phantom: 'W/phantom',
  run: 'meta-1',
  model: 'W/models/meta-1',
  device: 'cpu',
  heldOut: 'PHANTOM-009',
  dicomDirectory: 'W/exports/PHANTOM-009-sCT',
  montage: 'W/report/montage.png',
  report: 'W/report/report.html',
  metrics: {
    schemaVersion: 1,
    subject: { ct: 'CT', sct: 'sCT', mask: null },
    grid: { size: [1, 1, 1], spacingMm: [1, 1, 1] },
    voxels: 1,
    overall: { maeHu: 31.25, meanErrorHu: 0, psnrDb: 30, identical: false, ssim: 0.9 },
    tissues: [],
    bone: [{ thresholdHu: 250, dice: 0.8123, surfaceMeanMm: 1, surface95Mm: 2 }],
    lpips: [],
    notInstalled: [],
    findings: [],
  },
  baselines: {
    bulkDensity: { maeHu: 78, boneDice250: 0.8 },
    tissueConstant: { maeHu: 39, boneDice250: 0.7 },
    monotoneLookup: { maeHu: 54, boneDice250: null, direction: 'falling' },
  },
  weightAlignmentAuc: 0.62,
  weightAlignment: { ...alignment, nearEdges: { ...alignment, auc: null } },
  seconds: 305,
  stepSeconds: {},
  peakMemoryMiB: 1200,
};

describe('describeDemo', () => {
  it('puts the figures beside what they are compared with, and says where things are', () => {
    const text = describeDemo(result, true);
    expect(text).toMatch(/^sCT of PHANTOM-009 +31\.3 +0\.812$/m);
    expect(text).toMatch(/^One HU per tissue, all tissues known +39\.0 +0\.700$/m);
    expect(text).toMatch(/^Bulk densities: air, soft tissue, bone +78\.0 +0\.800$/m);
    expect(text).toMatch(/^Best monotone MR → HU lookup +54\.0 +–$/m);
    expect(text).toMatch(/^Mean weight .* +1\.100 +0\.400$/m);
    expect(text).toContain('right above wrong: 0.620; near CT edges alone: –');
    expect(text).toMatch(/^Report +W\/report\/report\.html \(opened\)$/m);
    expect(text).toMatch(/^Took +5:05 min, at most 1200 MiB, on cpu$/m);
    expect(describeDemo(result, false)).not.toContain('(opened)');
  });
});

describe('hasDisplay', () => {
  it('knows where a report can be shown', () => {
    expect(hasDisplay('darwin', {})).toBe(true);
    expect(hasDisplay('win32', {})).toBe(true);
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  });
});
