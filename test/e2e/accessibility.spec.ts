import { seriousViolations } from './support/axe.ts';
import { expect, test } from './support/test.ts';
import type { DeskName } from './pages/shell.ts';

test.use({ workspaceKind: 'prepared' });

const desks: readonly DeskName[] = ['library', 'synthesize', 'train', 'bone', 'settings'];

for (const theme of ['dark', 'light'] as const) {
  test(`no desk has a serious violation in the ${theme} theme`, async ({ shell, served }) => {
    await shell.useTheme(theme);
    /** What is only half faded in passes; what stays does not. */
    const expectAccessible = async (what: string): Promise<void> => {
      await expect
        .soft(async () => expect(await seriousViolations(shell.page), what).toEqual([]))
        .toPass({ timeout: 20_000 });
    };
    await expectAccessible('start');
    await shell.openSynthesized(served);
    for (const desk of desks) {
      await shell.go(desk);
      await shell.settled();
      await expectAccessible(desk);
    }
    await shell.page.keyboard.press('?');
    await expectAccessible('shortcut sheet');
  });
}
