/** How long the picture takes to follow a key. */
import type { Page } from 'playwright/test';

/** Presses a key `presses` times on what has the focus; times until the frame after it has been drawn, graphics card included, ms. */
export async function frameTimes(page: Page, key: string, presses: number): Promise<number[]> {
  await page.evaluate(() => {
    const frame = (): Promise<void> => new Promise((drawn) => requestAnimationFrame(() => drawn()));
    const times: number[] = [];
    Object.assign(window, { keyTimes: times });
    addEventListener(
      'keydown',
      () => {
        const began = performance.now();
        // The first frame draws; by the second its commands have been handed over, and reading a pixel waits for their end.
        void frame()
          .then(frame)
          .then(() => {
            for (const canvas of document.querySelectorAll('canvas')) {
              const gl = canvas.getContext('webgl2');
              gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
            }
            times.push(performance.now() - began);
          });
      },
      { capture: true },
    );
  });
  for (let press = 0; press < presses; press++) {
    await page.keyboard.press(key);
    await page.waitForFunction(
      (count) => (window as unknown as { keyTimes: number[] }).keyTimes.length === count,
      press + 1,
    );
  }
  return page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
}
