import { seriousViolations } from './support/axe.ts';
import { expect, test } from './support/test.ts';
import type { DeskName } from './pages/shell.ts';

test.use({ workspaceKind: 'prepared' });

const desks: readonly DeskName[] = ['library', 'synthesize', 'train', 'bone', 'settings'];

for (const theme of ['dark', 'light'] as const) {
  test(`no desk has a serious violation in the ${theme} theme`, async ({ shell, served }) => {
    await shell.useTheme(theme);
    expect.soft(await seriousViolations(shell.page), 'start').toEqual([]);
    await shell.openSynthesized(served);
    for (const desk of desks) {
      await shell.go(desk);
      await shell.settled();
      expect.soft(await seriousViolations(shell.page), desk).toEqual([]);
    }
    await shell.page.keyboard.press('?');
    expect.soft(await seriousViolations(shell.page), 'shortcut sheet').toEqual([]);
  });
}
