/** The window as a person sees it: rail, job line, dialogs. Texts come from the locale files, so that a wording can change. */
import { expect, type Locator, type Page } from 'playwright/test';
import type { CaseSummary } from '../../../src-main/api/contract/cases.ts';
import type { ServedApp } from '../support/servedApp.ts';
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
    await expect(this.page.getByRole('main')).toBeVisible();
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

  async expectDesk(desk: DeskName | 'start', timeout = 15_000): Promise<void> {
    await expect(this.page).toHaveTitle(new RegExp(`^${text(`shell.desk.${desk}`)}`), { timeout });
  }

  /** From the start screen; returns when the phantom has been made and opened. */
  async tryPhantom(): Promise<void> {
    await this.button('shell.start.phantom').click();
    await this.expectDesk('synthesize', 90_000);
  }

  button(key: string, details: Readonly<Record<string, string | number>> = {}): Locator {
    return this.page.getByRole('button', { name: text(key, details), exact: true });
  }

  /** The theme follows the system unless the settings say otherwise. */
  async useTheme(theme: 'dark' | 'light'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await expect(this.page.locator('html')).toHaveAttribute('data-theme', theme);
  }

  /** Opens the study with an sCT from the start screen. */
  async openSynthesized(served: ServedApp): Promise<CaseSummary> {
    const cases = await served.get<CaseSummary[]>('cases');
    const study = cases.find(({ scts }) => scts.length > 0);
    if (!study) throw new Error('No case of the workspace has an sCT.');
    await this.page.getByRole('main').getByRole('button', { name: study.label }).first().click();
    await this.expectDesk('synthesize');
    return study;
  }

  /** Gives a folder to import, as a person does in the browser's dialog. */
  async chooseFolder(path: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.keyboard.press('Control+O');
    await (await chooser).setFiles(path);
  }

  /** By its row in the library. */
  async openFromLibrary(study: CaseSummary): Promise<void> {
    await this.go('library');
    await this.page.getByRole('row', { name: new RegExp(study.label) }).dblclick();
    await this.expectDesk('synthesize');
  }

  /** Nothing is being loaded, probed or computed any more, and two frames have been drawn since. */
  async settled(): Promise<void> {
    await expect(this.page.locator('[aria-busy="true"], main [role="progressbar"]')).toHaveCount(0, {
      timeout: 60_000,
    });
    await expect(this.page.getByText(text('shell.device.probing'))).toHaveCount(0, { timeout: 60_000 });
    await this.page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }
}
