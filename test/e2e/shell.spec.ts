import { Shell } from './pages/shell.ts';
import { expect, test } from './support/test.ts';

test('every desk is reached from the rail and by its keys', async ({ shell }) => {
  for (const desk of ['library', 'synthesize', 'train', 'bone', 'settings'] as const) await shell.go(desk);
  for (const desk of ['library', 'synthesize', 'train', 'bone', 'settings'] as const)
    await shell.goByKeys(desk);
});

test('a used link opens nothing, and says so in words', async ({ served, shell, browser }) => {
  await shell.go('library');
  const link = await served.newLink();
  const [first, second] = [await browser.newContext(), await browser.newContext()];
  const page = await first.newPage();
  await page.goto(link);
  await new Shell(page).ready();
  const late = await second.newPage();
  const answer = await late.goto(link);
  expect(answer?.status()).toBe(401);
  await expect(late.locator('body')).toContainText(/link/i);
  await first.close();
  await second.close();
});
