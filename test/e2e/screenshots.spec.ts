/** The README's pictures: every desk, dark and light, into `resources/screenshots`. Not Settings, which shows this machine's folders. */
import { BonePage } from './pages/bonePage.ts';
import type { DeskName, Shell } from './pages/shell.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { TrainPage } from './pages/trainPage.ts';
import { takePicture } from './support/takePicture.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

test.use({ workspaceKind: 'prepared' });

/** What a desk has to show before it is worth a picture. */
const shown: Readonly<Record<Exclude<DeskName, 'settings'>, (shell: Shell) => Promise<void>>> = {
  library: (shell) => shell.settled(),
  synthesize: async ({ page }) => {
    const desk = new SynthesizePage(page);
    await desk.loaded('mr', 'ct', 'sct');
    await desk.expectPicture(desk.view('sct'));
    await expect(page.getByText(text('synthesize.gate.checking'))).toHaveCount(0, { timeout: 30_000 });
  },
  train: async ({ page }) => {
    const desk = new TrainPage(page);
    for (const plane of ['mr', 'ct', 'sct', 'weight'] as const) await desk.expectPicture(plane);
  },
  bone: async ({ page }) => {
    await new BonePage(page).triangles('ct', 250);
    await new BonePage(page).triangles('sct', 250);
    await expect(page.getByText(text('bone.failed.waiting'))).toHaveCount(0, { timeout: 30_000 });
  },
};

for (const theme of ['dark', 'light'] as const) {
  test(`every desk has its picture in the ${theme} theme`, async ({ shell, served }) => {
    test.setTimeout(180_000);
    await shell.useTheme(theme);
    const take = (name: string): Promise<void> => takePicture(shell, `${name}-${theme}`);
    await take('start');
    await shell.openSynthesized(served);
    for (const desk of ['synthesize', 'train', 'bone', 'library'] as const) {
      await shell.go(desk);
      await shown[desk](shell);
      await take(desk);
    }
  });
}
