import { describe, expect, it } from 'vitest';
import {
  evaluationReportSchema,
  type EvaluationReport,
} from '../../../../src-main/workflows/evaluate/evaluationReport.ts';
import { formatReportHtml, formatReportText } from '../../../../src-main/workflows/evaluate/formatReport.ts';

const report: EvaluationReport = {
  schemaVersion: 1,
  subject: { ct: 'ct <1>.nii', sct: 'sct.nii', mask: null },
  grid: { size: [10, 20, 5], spacingMm: [1, 1, 2.5] },
  voxels: 1000,
  overall: { maeHu: 9.15094, meanErrorHu: -3.2, psnrDb: 31.25, identical: false, ssim: 0.98765 },
  tissues: [{ name: 'bone', rangeHu: '> 150 HU', voxels: 12, meanErrorHu: 4, maeHu: 55.5 }],
  bone: [{ thresholdHu: 250, dice: null, surfaceMeanMm: null, surface95Mm: null }],
  lpips: [{ backbone: 'alex', value: 0.04321, windowHu: [-1024, 3000], slices: 5 }],
  notInstalled: [{ metric: 'LPIPS v0.1 (VGG-16)', install: 'ilium weights install lpips vgg16' }],
  findings: [],
};

describe('the evaluation report', () => {
  it('is a valid record', () => {
    expect(evaluationReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it('shows every measure with its unit, a dash for what is undefined, and what is not installed', () => {
    const text = formatReportText(report);
    expect(text).toMatch(
      /^sCT sct\.nii against CT ct <1>\.nii\n10 × 20 × 5 voxels of 1 × 1 × 2\.5 mm; 1000 count/,
    );
    expect(text).toMatch(/MAE +9\.1509 HU/);
    expect(text).toMatch(/SSIM +0\.9877$/m);
    expect(text).toMatch(/MAE +bone \(> 150 HU\) +55\.50 HU/);
    expect(text).toMatch(/Bone Dice +> 250 HU +–$/m);
    expect(text).toMatch(/LPIPS v0\.1 \(AlexNet\) +−1024…3000 HU, 5 axial slices +0\.0432$/m);
    expect(text).toMatch(/LPIPS v0\.1 \(VGG-16\) +not installed: ilium weights install lpips vgg16$/m);
  });

  it('says beside LPIPS where its weights are not the published ones', () => {
    const [lpips] = report.lpips;
    const rows = (published: boolean): string =>
      formatReportText({ ...report, lpips: [{ ...lpips!, published }] });
    expect(rows(false)).toMatch(/5 axial slices, weights not the published ones +0\.0432$/m);
    expect(rows(true)).not.toContain('published');
  });

  it('calls the PSNR of equal volumes infinite', () => {
    const equal = { ...report, overall: { ...report.overall, psnrDb: null, identical: true } };
    expect(formatReportText(equal)).toMatch(/PSNR +∞ dB/);
  });

  it('is one HTML page that escapes names and loads nothing', () => {
    const html = formatReportHtml(report, new Uint8Array([1, 2, 3]));
    expect(html).toContain('ct &#60;1&#62;.nii');
    expect(html).not.toMatch(/<script|https?:/);
    expect(html).toContain('src="data:image/png;base64,AQID"');
  });
});
