import type { Page } from 'playwright/test';
import { BonePage } from './pages/bonePage.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { comparePictures } from './support/comparePictures.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

test.use({ workspaceKind: 'prepared' });

/** Takes every graphics context of the page away, as a driver that resets does. */
async function loseContexts(page: Page): Promise<void> {
  const lost = await page.evaluate(
    () =>
      [...document.querySelectorAll('canvas')].filter((canvas) => {
        const context = canvas.getContext('webgl2');
        context?.getExtension('WEBGL_lose_context')?.loseContext();
        return context !== null;
      }).length,
  );
  expect(lost).toBeGreaterThan(0);
}

test('slices come back by themselves when the graphics context is lost', async ({ shell, served }) => {
  await shell.openSynthesized(served);
  const page = new SynthesizePage(shell.page);
  await page.loaded('mr', 'ct', 'sct');
  await page.expectPicture(page.view('ct'));
  const before = await page.picture(page.view('ct'));
  await loseContexts(shell.page);
  await expect(shell.page.getByText(text('synthesize.context.lost'))).toBeVisible();
  await expect(shell.page.getByText(text('synthesize.context.lost'))).toBeHidden({ timeout: 30_000 });
  await expect(async () =>
    expect(comparePictures(before, await page.picture(page.view('ct'))).mean).toBe(0),
  ).toPass({
    timeout: 30_000,
  });
});

test('bone comes back by itself when the graphics context is lost', async ({ shell, served }) => {
  await shell.openSynthesized(served);
  await shell.go('bone');
  const page = new BonePage(shell.page);
  await page.triangles('ct', 250);
  const before = await page.pane('ct').screenshot();
  await loseContexts(shell.page);
  await expect(shell.page.getByText(text('bone.contextLost'))).toBeVisible();
  await expect(async () =>
    expect(comparePictures(before, await page.pane('ct').screenshot()).mean).toBeLessThan(2),
  ).toPass({
    timeout: 30_000,
  });
});
