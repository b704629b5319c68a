/** The README's pictures: every desk, dark and light, into `resources/screenshots`. Not Settings, which shows this machine's folders. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BonePage } from './pages/bonePage.ts';
import type { DeskName, Shell } from './pages/shell.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { TrainPage } from './pages/trainPage.ts';
import { indexedPng } from './support/indexedPng.ts';
import { root } from './support/places.ts';
import { expect, test } from './support/test.ts';

const folder = join(root, 'resources/screenshots');
const largestBytes = 150_000;

test.use({ workspaceKind: 'prepared' });

/** What a desk has to show before it is worth a picture. */
const shown: Readonly<Record<Exclude<DeskName, 'settings'>, (shell: Shell) => Promise<void>>> = {
  library: (shell) => shell.settled(),
  synthesize: async ({ page }) => {
    const desk = new SynthesizePage(page);
    await desk.loaded('mr', 'ct', 'sct');
    await desk.expectPicture(desk.view('sct'));
  },
  train: async ({ page }) => {
    const desk = new TrainPage(page);
    for (const plane of ['mr', 'ct', 'sct', 'weight'] as const) await desk.expectPicture(plane);
  },
  bone: async ({ page }) => void (await new BonePage(page).triangles('ct', 250)),
};

for (const theme of ['dark', 'light'] as const) {
  test(`every desk has its picture in the ${theme} theme`, async ({ shell, served }) => {
    test.setTimeout(180_000);
    await mkdir(folder, { recursive: true });
    await shell.useTheme(theme);
    const take = async (name: string): Promise<void> => {
      await shell.settled();
      await shell.page.mouse.move(0, 0);
      const picture = smallEnough(await shell.page.screenshot());
      expect(picture.byteLength, name).toBeLessThanOrEqual(largestBytes);
      await writeFile(join(folder, `${name}-${theme}.png`), picture);
    };
    await take('start');
    await shell.openSynthesized(served);
    for (const desk of ['synthesize', 'train', 'bone', 'library'] as const) {
      await shell.go(desk);
      await shown[desk](shell);
      await take(desk);
    }
  });
}

/** As many colours as the limit allows. */
function smallEnough(screenshot: Buffer): Buffer {
  for (const colours of [256, 128, 64]) {
    const picture = indexedPng(screenshot, colours);
    if (picture.byteLength <= largestBytes) return picture;
  }
  return indexedPng(screenshot, 32);
}
