/** The CT brought onto its MR: pushed by keys, put back, and found again by the search, all of it seen. */
import { join } from 'node:path';
import type { CaseDetail, CaseSummary } from '../../src-main/api/contract/cases.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { dropFolder } from './support/dropFolder.ts';
import { writeLooseCase } from './support/looseCase.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

test('a CT is moved by hand over the MR, saved, and registered back to where it belongs', async ({
  shell,
  served,
}) => {
  const { page } = shell;
  const folder = join(served.workspace, 'dropped');
  await writeLooseCase(folder);
  await dropFolder(page, folder);
  await shell.expectDesk('synthesize', 60_000);
  const desk = new SynthesizePage(page);
  await desk.loaded('mr', 'ct');
  const detail = async (): Promise<CaseDetail> => {
    const [study] = await served.get<CaseSummary[]>('cases');
    return served.get<CaseDetail>(`cases/${study?.caseId ?? ''}`);
  };
  expect((await detail()).registration).toBeNull();

  const section = page.getByRole('region', { name: text('register.title') });
  const field = section.getByRole('textbox', { name: text('register.translationMm.0') });
  await page.keyboard.press('Shift+N');
  // The middle viewport shows the pair now.
  const pair = page.getByRole('group', { name: /^MR \| CT, / }).first();
  await desk.expectPicture(pair);
  const before = await desk.picture(pair);
  for (let press = 0; press < 6; press++) await page.keyboard.press('ArrowRight');
  await expect(field).toHaveValue('12.00');
  await expect(async () => expect(before.equals(await desk.picture(pair))).toBe(false)).toPass();
  await page.keyboard.press('Control+z');
  await expect(field).toHaveValue('10.00');
  await page.keyboard.press('Enter');
  await expect(section.getByText(/^By hand/)).toBeVisible({ timeout: 60_000 });
  await expect(field).toHaveCount(0);
  const byHand = (await detail()).registration;
  expect(byHand?.ctToMr.translationMm[0]).toBeCloseTo(10, 6);
  // What a person has pushed away is said to match worse than before.
  await expect(page.getByText(/it should have risen/).first()).toBeVisible();

  await page.keyboard.press('Shift+M');
  await expect(section.getByText(/^By mutual information/)).toBeVisible({ timeout: 90_000 });
  const found = (await detail()).registration;
  expect(Math.abs(found?.ctToMr.translationMm[0] ?? Infinity)).toBeLessThan(2);

  await section.getByRole('button', { name: text('register.clear') }).click();
  await expect(section.getByText(text('register.asImported'))).toBeVisible();
  expect((await detail()).registration).toBeNull();
});
