/** A series with a gap and a structure set drawn on it: refused in words, imported even from the report, its oddities and contours seen. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeOriginalSeries } from '../../src-main/formats/dicom/encodeOriginalSeries.ts';
import { encodeRtStructureSet } from '../../src-main/formats/dicom/encodeRtStructureSet.ts';
import type { RtStructureSet } from '../../src-main/formats/dicom/rtStructureSet.ts';
import { mrImageStorage } from '../../src-main/formats/dicom/sopClasses.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { dropFolder } from './support/dropFolder.ts';
import { drawLooseCase } from './support/looseCase.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

const patient = { patientName: 'Odd^Olga', patientId: 'ODD-1' };
const study = { studyInstanceUid: '1.2.840.1', studyDate: '20260102' };
const frameOfReferenceUid = '1.2.840.2';

/** 20 slices of 4 mm without the eighth, and a ring of 4 cm drawn on the fifth to the sixteenth. */
async function writeOddSeries(folder: string): Promise<void> {
  const { mr } = drawLooseCase();
  const instances = encodeOriginalSeries({
    volume: { grid: mr.grid, data: Int16Array.from(mr.data) },
    modality: 'MR',
    patient,
    study,
    frameOfReferenceUid,
    seriesNumber: 4,
    seriesDescription: 't2 tra',
  });
  await mkdir(folder, { recursive: true });
  for (const [k, { name, bytes }] of instances.entries())
    if (k !== 7) await writeFile(join(folder, name), bytes);

  const ring = (k: number): string =>
    Array.from({ length: 36 }, (_, at) => {
      const angle = (at * Math.PI) / 18;
      return [40 * Math.cos(angle), 40 * Math.sin(angle), 4 * k].map((value) => value.toFixed(3)).join('\\');
    }).join('\\');
  const roi: RtStructureSet['rois'][number] = {
    number: 1,
    name: 'Bladder',
    colour: [255, 208, 0],
    generationAlgorithm: 'MANUAL',
    interpretedType: 'ORGAN',
    frameOfReferenceUid,
    contours: Array.from({ length: 12 }, (_, at) => ({
      geometricType: 'CLOSED_PLANAR',
      points: ring(at + 4),
    })),
  };
  const { bytes } = encodeRtStructureSet(
    { sopInstanceUid: '', label: 'PLAN', rois: [roi] },
    {
      patient,
      study,
      seriesInstanceUid: '1.2.840.3',
      frameOfReferenceUid,
      sopClassUid: mrImageStorage,
      sopInstanceUids: instances.map(({ sopInstanceUid }) => sopInstanceUid),
      grid: mr.grid,
    },
    {
      seriesInstanceUid: '1.2.840.4',
      sopInstanceUid: '1.2.840.4.1',
      seriesNumber: 5,
      createdAt: new Date(2026, 0, 2),
    },
  );
  await writeFile(join(folder, 'RS.dcm'), bytes);
}

test('a series with a gap is imported even from the report that refuses it; odd things and contours are seen', async ({
  shell,
  served,
}) => {
  const { page } = shell;
  const folder = join(served.workspace, 'dropped');
  await writeOddSeries(folder);
  await dropFolder(page, folder);
  const report = page.getByRole('dialog');
  await expect(report.getByText(/can be resampled to even ones of 4\.00 mm/)).toBeVisible({
    timeout: 60_000,
  });
  await report.getByRole('button', { name: text('shell.report.resample') }).click();
  await shell.expectDesk('synthesize', 60_000);
  await rm(folder, { recursive: true });
  const desk = new SynthesizePage(page);
  await desk.loaded('mr');

  const odd = page.getByRole('region', { name: text('shell.odd.title') });
  await expect(odd.getByText(/resampled/).first()).toBeVisible();

  const contour = desk.view('mr').getByRole('img', { name: 'Bladder' });
  await expect(contour).toBeVisible();
  const box = await contour.boundingBox();
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1, 1);
  await page.keyboard.press('t');
  await expect(contour).toHaveCount(0);
  await page.keyboard.press('t');
  await expect(contour).toBeVisible();
  await page.getByRole('button', { name: text('synthesize.structures.measure') }).click();
  // π · 4² · 12 slices of 4 mm are 241 ml.
  await expect(page.getByText(/^2[34]\d\.\d\d ml/)).toBeVisible({ timeout: 30_000 });

  await shell.go('library');
  await page.getByRole('row', { name: /ODD-1/ }).click();
  await expect(odd.getByText(/resampled/).first()).toBeVisible();
});
