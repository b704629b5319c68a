import { readdirSync } from 'node:fs';
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { noteFigure } from './support/figures.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

test('from nothing to a verified CT series: phantom, generate, look, export, receipt', async ({
  shell,
  served,
}, info) => {
  test.setTimeout(180_000);
  const page = new SynthesizePage(shell.page);
  const began = Date.now();

  await shell.tryPhantom();
  await page.loaded('mr', 'ct');
  await page.expectPicture(page.view('mr'));
  await expect(page.page.getByText(text('synthesize.missing.sct')).first()).toBeVisible();

  await page.button('synthesize.generate.start').click();
  await page.loaded('sct');
  await page.expectPicture(page.view('sct'));
  const seconds = (Date.now() - began) / 1000;
  noteFigure(info, {
    name: 'demo study made, generated and seen',
    value: seconds,
    unit: 's',
    on: 'phantom 192×128×48',
  });
  expect(seconds).toBeLessThan(180);
  await expect(page.page.getByText(text('synthesize.sct.mae'))).toBeVisible();

  await page.button('synthesize.export.dicom').click();
  const dialog = page.page.getByRole('dialog', { name: text('synthesize.export.dicomTitle') });
  const identifiers = dialog.getByRole('region', { name: text('synthesize.export.identifiers') });
  for (const keyword of [
    'StudyInstanceUID',
    'SeriesInstanceUID',
    'FrameOfReferenceUID',
    'ImageType',
    'PatientID',
  ])
    await expect(identifiers.getByText(keyword)).toBeVisible();
  const planned = await identifiers
    .getByRole('row', { name: /SeriesInstanceUID/ })
    .getByRole('cell')
    .nth(1)
    .innerText();
  await dialog.getByRole('button', { name: text('synthesize.export.write') }).click();
  await expect(dialog.getByText(text('synthesize.receipt.done'))).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByText(planned)).toBeVisible();

  const [study] = await served.get<CaseSummary[]>('cases');
  expect(study?.scts).toHaveLength(1);
  const folder = await dialog.getByRole('definition').first().innerText();
  expect(folder.startsWith(served.workspace), `${folder} lies in the workspace`).toBe(true);
  expect(readdirSync(folder)).toHaveLength(study?.mr?.size[2] ?? NaN);
});

test('a job that is cancelled leaves nothing behind', async ({ shell, served }) => {
  const page = new SynthesizePage(shell.page);
  await shell.tryPhantom();
  await page.loaded('mr');
  await page.button('synthesize.generate.start').click();
  await page.page
    .getByRole('button', { name: text('synthesize.generate.cancel'), exact: true })
    .first()
    .click();
  await expect(page.button('synthesize.generate.start')).toBeEnabled({ timeout: 30_000 });
  const [study] = await served.get<CaseSummary[]>('cases');
  expect(study?.scts).toEqual([]);
});
