/** The Synthesize desk. */
import { expect, type Locator, type Page } from 'playwright/test';
import { decodePng } from '../support/png.ts';
import { text } from '../support/text.ts';

export type ShownImage = 'mr' | 'ct' | 'sct';

export class SynthesizePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** A button of the inspector. */
  button(key: string): Locator {
    return this.page.getByRole('complementary').getByRole('button', { name: text(key), exact: true });
  }

  radio(key: string): Locator {
    return this.page.getByRole('radio', { name: text(key), exact: true });
  }

  /** The first viewport of an image; its name says image, plane and slice. */
  view(image: ShownImage, plane = 'axial'): Locator {
    const name = new RegExp(`^${text(`synthesize.image.${image}`)}, ${text(`synthesize.plane.${plane}`)}`);
    return this.page.getByRole('group', { name }).first();
  }

  /** Slice that a viewport shows, from 1. */
  async sliceOf(view: Locator): Promise<number> {
    return Number(/ (\d+) \/ /.exec((await view.getAttribute('aria-label')) ?? '')?.[1]);
  }

  /** All images of the study are there: their values are in the probe line. */
  async loaded(...images: ShownImage[]): Promise<void> {
    const names = { mr: 'MR', ct: 'CT', sct: 'sCT' };
    for (const image of images)
      await expect(this.page.getByText(new RegExp(`^${names[image]}\\s*[−\\d]`)).first()).toBeVisible({
        timeout: 60_000,
      });
    const loading = this.page.getByRole('button', { name: text('synthesize.loading.cancel') });
    await expect(loading).toHaveCount(0, { timeout: 60_000 });
  }

  /** The image alone, without what is written over it. */
  async picture(view: Locator): Promise<Buffer> {
    return view.screenshot({
      style:
        '[data-view] > *, [data-view]::after { visibility: hidden !important; transition: none !important }',
    });
  }

  /** A picture is drawn, for it has more grey levels than letters and lines have. */
  async expectPicture(view: Locator): Promise<void> {
    await expect(async () => expect(greyLevels(await this.picture(view))).toBeGreaterThan(64)).toPass({
      timeout: 30_000,
    });
  }
}

function greyLevels(png: Uint8Array): number {
  const { data } = decodePng(png);
  const levels = new Set<number>();
  for (let at = 0; at < data.length; at += 4)
    if (data[at] === data[at + 1] && data[at] === data[at + 2]) levels.add(data[at] ?? 0);
  return levels.size;
}
