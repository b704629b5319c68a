import { join } from 'node:path';
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import type { ModelSummary } from '../../src-main/api/contract/models.ts';
import { BonePage } from './pages/bonePage.ts';
import type { Shell } from './pages/shell.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { dropFolder } from './support/dropFolder.ts';
import { writeLooseCase } from './support/looseCase.ts';
import type { ServedApp } from './support/servedApp.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

/** A case with MR, CT and body mask, dropped as a folder and opened. */
async function dropCase(shell: Shell, served: ServedApp): Promise<CaseSummary> {
  const folder = join(served.workspace, 'dropped');
  await writeLooseCase(folder);
  await dropFolder(shell.page, folder);
  await shell.expectDesk('synthesize', 60_000);
  const [study] = await served.get<CaseSummary[]>('cases');
  if (!study) throw new Error('The dropped folder became no case.');
  return study;
}

async function makeSct(served: ServedApp, { caseId }: CaseSummary): Promise<void> {
  const models = await served.get<ModelSummary[]>('models');
  const modelId = models.find(({ origin }) => origin === 'bundled')?.modelId ?? '';
  await served.work({ kind: 'generate', caseId, modelId, device: 'cpu' });
}

test('a folder dropped on the window is imported, its mask laid over the images and around the bone', async ({
  shell,
  served,
}) => {
  const study = await dropCase(shell, served);
  expect([study.mr?.name, study.ct?.name, study.hasMask]).toEqual(['pelvis_mr.nii', 'pelvis_ct.nii', true]);
  const page = new SynthesizePage(shell.page);
  await page.loaded('mr', 'ct');
  await page.expectPicture(page.view('mr'));
  const plain = await page.picture(page.view('mr'));

  await page.radio('synthesize.overlay.mask').click();
  await expect(async () => expect((await page.picture(page.view('mr'))).equals(plain)).toBe(false)).toPass();
  await shell.page.keyboard.press('o');
  await expect(async () => expect((await page.picture(page.view('mr'))).equals(plain)).toBe(true)).toPass();

  await shell.go('bone');
  expect(await new BonePage(shell.page).triangles('ct', 250)).toBeGreaterThan(0);
});

test('two images blink by themselves until they are told to stop', async ({ shell, served }) => {
  await dropCase(shell, served);
  const page = new SynthesizePage(shell.page);
  await page.loaded('mr', 'ct');
  await page.radio('synthesize.compare.blink').click();
  const view = shell.page
    .locator('[data-view]')
    .filter({ hasText: text('synthesize.compare.blink') })
    .first();
  const seen = new Set<string>();
  await expect(async () => {
    seen.add((await page.picture(view)).toString('base64'));
    expect(seen.size).toBeGreaterThanOrEqual(2);
  }).toPass();

  await page.button('synthesize.compare.pause').click();
  const stopped = await page.picture(view);
  // Longer than the slowest blink takes.
  const until = Date.now() + 2500;
  while (Date.now() < until) expect((await page.picture(view)).equals(stopped)).toBe(true);
});

test('a measurement is taken back and made again', async ({ shell, served }) => {
  await dropCase(shell, served);
  const page = new SynthesizePage(shell.page);
  await page.loaded('mr', 'ct');
  const view = page.view('ct');
  await view.focus();
  await shell.page.keyboard.press('r');
  const box = await view.boundingBox();
  if (!box) throw new Error('The viewport has no place.');
  await shell.page.mouse.click(box.x + box.width * 0.35, box.y + box.height * 0.5);
  await shell.page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.5);

  const measured = page.page
    .getByRole('complementary')
    .getByRole('button', { name: new RegExp(`^${text('synthesize.measure.ruler')} · [\\d.]+ mm`) });
  await expect(measured).toHaveCount(1);
  const length = await measured.innerText();
  await shell.page.keyboard.press('Control+z');
  await expect(measured).toHaveCount(0);
  await shell.page.keyboard.press('Control+Shift+z');
  await expect(measured).toHaveText(length);

  await shell.page.keyboard.press('s');
  await shell.page.mouse.click(box.x + box.width * 0.45, box.y + box.height * 0.45);
  await shell.page.mouse.click(box.x + box.width * 0.55, box.y + box.height * 0.55);
  await expect(
    page.page.getByRole('complementary').getByRole('button', {
      name: new RegExp(`^${text('synthesize.measure.rectangle')} · `),
    }),
  ).toContainText('HU');
});

test('a second sCT stands beside the first, in bone and in the list of sCTs', async ({ shell, served }) => {
  const study = await dropCase(shell, served);
  await makeSct(served, study);
  await makeSct(served, study);
  const page = new SynthesizePage(shell.page);
  await page.loaded('mr', 'ct', 'sct');
  await expect(page.page.getByLabel(text('synthesize.sct.choose')).locator('option')).toHaveCount(2);

  await shell.go('bone');
  const second = shell.page.getByLabel(text('bone.second'));
  await second.selectOption({ index: 1 });
  const panes = shell.page.getByRole('application', { name: /^Bone of the / });
  await expect(panes).toHaveCount(3);
  for (const at of [0, 1, 2])
    await expect(panes.nth(at).getByText(/^250 HU · /)).toBeVisible({ timeout: 60_000 });
});
