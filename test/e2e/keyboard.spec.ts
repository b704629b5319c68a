import { windowKeys } from '../../src-main/electron/menuTemplate.ts';
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

test.use({ workspaceKind: 'prepared' });

test('a study is found, looked at, judged and exported without a mouse', async ({ shell, served }) => {
  const { page } = shell;
  const { keyboard } = page;
  const [newest] = (await served.get<CaseSummary[]>('cases')).filter(({ scts }) => scts.length > 0);
  const synthesize = new SynthesizePage(page);

  await shell.goByKeys('library');
  await keyboard.press('/');
  await keyboard.type(newest?.label ?? '');
  await keyboard.press('Escape');
  await keyboard.press('Control+K');
  await expect(page.getByRole('combobox', { name: text('shell.palette.placeholder') })).toBeFocused();
  await keyboard.type(newest?.label ?? '');
  await keyboard.press('Enter');
  await shell.expectDesk('synthesize');
  await synthesize.loaded('mr', 'ct', 'sct');

  const view = synthesize.view('mr');
  await view.focus();
  const slice = await synthesize.sliceOf(view);
  await keyboard.press('ArrowDown');
  await expect(async () => expect(await synthesize.sliceOf(view)).not.toBe(slice)).toPass();
  expect(Math.abs((await synthesize.sliceOf(view)) - slice)).toBe(1);

  await keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: text('shell.shortcuts') });
  await expect(sheet).toBeVisible();
  await keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(view, 'the focus comes back').toBeFocused();

  await tabTo(page, text('synthesize.export.nifti'));
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: text('synthesize.export.niftiTitle') });
  await expect(dialog).toBeVisible();
  await tabTo(page, text('synthesize.export.write'));
  await keyboard.press('Enter');
  await expect(dialog.getByText(text('synthesize.receipt.done'))).toBeVisible({ timeout: 60_000 });
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('the keys that Electron’s menus press are the keys of the window', async ({ shell }) => {
  const press = async (key: string): Promise<void> => {
    for (const stroke of key.split(' ')) await shell.page.keyboard.press(stroke.replace('Mod', 'Control'));
  };
  for (const desk of ['library', 'synthesize', 'train', 'bone', 'settings'] as const) {
    await press(windowKeys[desk]);
    await shell.expectDesk(desk);
  }
  for (const [key, name] of [
    [windowKeys.palette, text('shell.action.palette')],
    [windowKeys.shortcuts, text('shell.shortcuts')],
  ] as const) {
    await press(key);
    await expect(shell.page.getByRole('dialog', { name })).toBeVisible();
    await shell.page.keyboard.press('Escape');
    await expect(shell.page.getByRole('dialog')).toHaveCount(0);
  }
  for (const key of [windowKeys.openFolder, windowKeys.openFiles]) {
    const chooser = shell.page.waitForEvent('filechooser');
    await press(key);
    await chooser;
  }
});

/** Tab until a button of this name has the focus; each stop must be seen to have it. */
async function tabTo(page: SynthesizePage['page'], name: string): Promise<void> {
  for (let stop = 0; stop < 120; stop++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const isMarked = (style: CSSStyleDeclaration): boolean =>
        style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      return {
        name: element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? '',
        isSeen:
          element === null ||
          element === document.body ||
          isMarked(getComputedStyle(element)) ||
          isMarked(getComputedStyle(element, '::after')),
      };
    });
    expect(focused.isSeen, `the focus on “${focused.name}” is seen`).toBe(true);
    if (focused.name === name) return;
  }
  throw new Error(`The Tab key does not reach “${name}”.`);
}
