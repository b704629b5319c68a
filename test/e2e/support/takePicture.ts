/** Pictures of the window for the README, kept small. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shell } from '../pages/shell.ts';
import { indexedPng } from './indexedPng.ts';
import { root } from './places.ts';
import { expect } from './test.ts';

const folder = join(root, 'resources/screenshots');
const largestBytes = 150_000;

/** Writes `resources/screenshots/<name>.png` once nothing moves any more. */
export async function takePicture(shell: Shell, name: string): Promise<void> {
  await shell.settled();
  await shell.page.mouse.move(0, 0);
  const picture = smallEnough(await shell.page.screenshot());
  expect(picture.byteLength, name).toBeLessThanOrEqual(largestBytes);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.png`), picture);
}

/** As many colours as the limit allows. */
function smallEnough(screenshot: Buffer): Buffer {
  for (const colours of [256, 128, 64]) {
    const picture = indexedPng(screenshot, colours);
    if (picture.byteLength <= largestBytes) return picture;
  }
  return indexedPng(screenshot, 32);
}
