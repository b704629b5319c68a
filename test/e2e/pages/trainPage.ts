/** The Train desk. */
import { expect, type Locator, type Page } from 'playwright/test';
import { decodePng } from '../support/png.ts';
import { text } from '../support/text.ts';

export type FilmPlane = 'mr' | 'ct' | 'sct' | 'weight';

export class TrainPage {
  readonly page: Page;
  /** Rows of the cohort. */
  readonly pairs: Locator;
  /** The run in front, in one line. */
  readonly status: Locator;
  readonly scrubber: Locator;
  /** `epoch 2 of 2`. */
  readonly epoch: Locator;

  constructor(page: Page) {
    this.page = page;
    this.pairs = page.locator('table tbody tr');
    this.status = page.getByRole('region', { name: text('train.run.status') });
    this.scrubber = page.getByRole('slider', { name: text('train.film.scrub'), exact: true });
    this.epoch = page
      .getByRole('region', { name: text('train.film.title') })
      .getByRole('status')
      .first();
  }

  button(key: string): Locator {
    return this.page.getByRole('main').getByRole('button', { name: text(key), exact: true });
  }

  plane(plane: FilmPlane): Locator {
    return this.page.getByRole('img', { name: text(`train.plane.${plane}.label`) }).first();
  }

  /** Types settings in the dialog of all settings. */
  async set(settings: Readonly<Record<string, number>>): Promise<void> {
    await this.button('train.form.allSettings').click();
    const dialog = this.page.getByRole('dialog');
    for (const [id, value] of Object.entries(settings))
      await dialog.getByLabel(text(`train.setting.${id}`), { exact: true }).fill(String(value));
    await dialog.getByRole('button', { name: text('train.form.done'), exact: true }).click();
  }

  async expectPicture(plane: FilmPlane): Promise<void> {
    await expect(async () => {
      const { data } = decodePng(await this.plane(plane).screenshot());
      expect(new Set(data).size, plane).toBeGreaterThan(16);
    }).toPass({ timeout: 30_000 });
  }
}
