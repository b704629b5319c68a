/** The Bone desk. */
import { expect, type Locator, type Page } from 'playwright/test';
import { text } from '../support/text.ts';

export class BonePage {
  readonly page: Page;
  readonly threshold: Locator;

  constructor(page: Page) {
    this.page = page;
    this.threshold = page.getByRole('slider', { name: text('bone.threshold.label') });
  }

  button(key: string): Locator {
    return this.page.getByRole('complementary').getByRole('button', { name: text(key), exact: true });
  }

  pane(side: 'ct' | 'sct'): Locator {
    const name = new RegExp(`^Bone of the ${text(`bone.side.${side}`)},`);
    return this.page.getByRole('application', { name });
  }

  /** Thousands of triangles of the finished surface at a threshold, as its tag says. */
  async triangles(side: 'ct' | 'sct', thresholdHu: number): Promise<number> {
    const note = this.pane(side).getByText(
      new RegExp(`^${thresholdHu} HU · [\\d.,]+ k triangles(?! · preview)`),
    );
    await expect(note).toBeVisible({ timeout: 60_000 });
    await expect(this.pane(side).getByText(text('bone.note.refining'))).toHaveCount(0, { timeout: 60_000 });
    return Number(/· ([\d.,]+) k/.exec(await note.innerText())?.[1]?.replaceAll(',', ''));
  }

  /** The cursor as the probe line writes it. */
  async place(): Promise<string> {
    return this.page
      .getByText(/^[LR] [\d.,−-]+ · [AP] /)
      .first()
      .innerText();
  }
}
