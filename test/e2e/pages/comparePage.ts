/** The Compare page. */
import type { FrameLocator, Locator, Page } from 'playwright/test';
import { text } from '../support/text.ts';

export class ComparePage {
  readonly page: Page;
  readonly report: FrameLocator;

  constructor(page: Page) {
    this.page = page;
    this.report = page.frameLocator('iframe');
  }

  /** A run among those to choose. */
  row(run: string): Locator {
    return this.page.getByRole('main').getByRole('listitem').filter({ hasText: run });
  }

  button(key: string, details: Readonly<Record<string, string | number>> = {}): Locator {
    return this.page.getByRole('main').getByRole('button', { name: text(key, details), exact: true });
  }
}
