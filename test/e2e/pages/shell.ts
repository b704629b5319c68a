/** The window as a person sees it: rail, job line, dialogs. Texts come from the locale files, so that a wording can change. */
import { expect, type Locator, type Page } from 'playwright/test';
import { text } from '../support/text.ts';

export type DeskName = 'library' | 'synthesize' | 'train' | 'bone' | 'settings';

const deskKeys: Record<DeskName, string> = {
  library: 'l',
  synthesize: 's',
  train: 't',
  bone: 'b',
  settings: ',',
};

export class Shell {
  readonly page: Page;
  readonly rail: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rail = page.getByRole('navigation', { name: text('shell.desks') });
  }

  /** The window stands and has been told what the application holds. */
  async ready(): Promise<void> {
    await expect(this.rail).toBeVisible();
  }

  async go(desk: DeskName): Promise<void> {
    await this.rail.getByRole('button', { name: text(`shell.desk.${desk}`) }).click();
    await this.expectDesk(desk);
  }

  async goByKeys(desk: DeskName): Promise<void> {
    await this.page.keyboard.press('g');
    await this.page.keyboard.press(deskKeys[desk]);
    await this.expectDesk(desk);
  }

  async expectDesk(desk: DeskName | 'start'): Promise<void> {
    await expect(this.page).toHaveTitle(new RegExp(`^${text(`shell.desk.${desk}`)}`));
  }
}
