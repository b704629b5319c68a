import { readFile } from 'node:fs/promises';
import { BonePage } from './pages/bonePage.ts';
import { decodePng } from './support/png.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

test.use({ workspaceKind: 'prepared' });

test('bone of CT and sCT under one threshold, measured, as a picture and as STL', async ({
  shell,
  served,
}) => {
  await shell.openSynthesized(served);
  await shell.go('bone');
  const page = new BonePage(shell.page);
  const at250 = await page.triangles('ct', 250);
  expect(at250).toBeGreaterThan(10);

  await page.page.getByRole('radio', { name: /Cortex/ }).click();
  const at600 = await page.triangles('ct', 600);
  expect(at600).not.toBe(at250);

  await page.threshold.focus();
  for (let press = 0; press < 4; press++) await page.page.keyboard.press('ArrowLeft');
  await page.triangles('ct', 580);
  await expect(page.page.getByText(text('bone.agreement.dice'), { exact: true })).toBeVisible();

  await page.button('bone.save.mesh').click();
  const dialog = page.page.getByRole('dialog', { name: text('bone.mesh.title') });
  const said = await dialog.getByRole('definition').nth(1).innerText();
  const download = page.page.waitForEvent('download');
  await dialog.getByRole('button', { name: text('bone.mesh.save'), exact: true }).click();
  const mesh = await readFile(await (await download).path());
  const triangles = mesh.readUInt32LE(80);
  expect(mesh.byteLength).toBe(84 + 50 * triangles);
  expect(triangles).toBe(Number(said.replaceAll(/\D/g, '')));

  const picture = page.page.waitForEvent('download');
  await page.button('bone.save.picture').click();
  const { width, height, data } = decodePng(await readFile(await (await picture).path()));
  expect(width * height).toBeGreaterThan(300 * 300);
  expect(new Set(data).size).toBeGreaterThan(64);
});

test('a point clicked on the bone is where the slices go', async ({ shell, served }) => {
  await shell.openSynthesized(served);
  await shell.go('bone');
  const page = new BonePage(shell.page);
  await page.triangles('ct', 250);
  const before = await page.place();
  const box = await page.pane('ct').boundingBox();
  if (!box) throw new Error('The pane is not there.');
  // The hip lies left of the middle, below it.
  await page.page.mouse.click(box.x + 0.25 * box.width, box.y + 0.52 * box.height);
  await expect(async () => expect(await page.place()).not.toBe(before)).toPass();
  const there = await page.place();
  await page.button('bone.save.slices').click();
  await shell.expectDesk('synthesize');
  expect(await page.place()).toBe(there);
});
