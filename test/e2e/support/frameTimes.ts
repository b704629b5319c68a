/** How long the picture takes to follow what a person does. */
import type { Page } from 'playwright/test';

interface Timed {
  frameTimes: number[];
}

/**
 * Does `act` `repeats` times, each of which must raise one `event` in the page; times from it until the frame after it has been drawn,
 * graphics card included, ms.
 */
export async function frameTimes(
  page: Page,
  event: 'keydown' | 'input',
  repeats: number,
  act: (at: number) => Promise<void>,
): Promise<number[]> {
  await page.evaluate((type) => {
    const frame = (): Promise<void> => new Promise((drawn) => requestAnimationFrame(() => drawn()));
    const times: number[] = [];
    Object.assign(window, { frameTimes: times });
    const measure = (): void => {
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
    };
    addEventListener(type, measure, { capture: true });
  }, event);
  for (let at = 0; at < repeats; at++) {
    await act(at);
    await page.waitForFunction((count) => (window as unknown as Timed).frameTimes.length >= count, at + 1);
  }
  return page.evaluate(() => (window as unknown as Timed).frameTimes);
}
