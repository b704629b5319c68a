import { readFile } from 'node:fs/promises';
import type { ComparisonsView } from '../../src-main/api/contract/comparison.ts';
import type { CohortView, RunSummary } from '../../src-main/api/contract/training.ts';
import { ComparePage } from './pages/comparePage.ts';
import { seriousViolations } from './support/axe.ts';
import { shortTraining } from './support/shortTraining.ts';
import { takePicture } from './support/takePicture.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

test.use({ workspaceKind: 'prepared' });

test('two runs are compared: a reference is chosen, the report is read, saved, deleted and brought back', async ({
  shell,
  served,
}) => {
  test.setTimeout(240_000);
  await served.work({ kind: 'train', ...shortTraining, method: 'pgan' });
  const runs = await served.get<RunSummary[]>('runs');
  const nameOf = (method: string): string => runs.find((one) => one.method === method)?.run ?? '';
  const { cases } = await served.get<CohortView>('cohort');
  const tests = cases.filter(({ role }) => role === 'test');
  expect(tests.length).toBeGreaterThan(0);

  await shell.go('train');
  const { page } = shell;
  const compare = new ComparePage(page);
  await page.keyboard.press('c');
  await expect(page.getByText(text('compare.empty'))).toBeVisible();
  await expect(compare.button('compare.start', { count: 0 })).toHaveAttribute('aria-disabled', 'true');
  for (const { label, caseId } of tests) await expect(page.getByText(`${label} ${caseId}`)).toBeVisible();
  await compare.row(nameOf('meta')).getByRole('checkbox').check();
  await compare.row(nameOf('pgan')).getByRole('checkbox').check();
  await compare.button('compare.run.makeFirstOf', { run: nameOf('pgan') }).click();
  await expect(compare.row(nameOf('pgan'))).toContainText(text('compare.run.first'));
  await compare.button('compare.start', { count: 2 }).click();

  const { report } = compare;
  await expect(report.getByRole('heading', { level: 1 })).toHaveText('Comparison of pgan, meta', {
    timeout: 120_000,
  });
  const means = report.getByRole('table').first();
  await expect(means.getByRole('columnheader')).toHaveText(['Measure', 'pgan', 'meta']);
  await expect(means.getByRole('row', { name: /^MAE \(HU\) lower/ })).toContainText('±');
  for (const theme of ['light', 'dark'] as const) {
    await shell.useTheme(theme);
    await expect(report.locator('body')).toHaveCSS(
      'background-color',
      theme === 'dark' ? 'rgb(11, 14, 17)' : 'rgb(243, 245, 247)',
    );
    await expect
      .soft(async () => expect(await seriousViolations(page), theme).toEqual([]))
      .toPass({ timeout: 20_000 });
    await takePicture(shell, `compare-${theme}`);
  }

  // Keys work while the report has the focus.
  await report.getByRole('heading', { level: 1 }).click();
  const download = page.waitForEvent('download');
  await page.keyboard.press('c');
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv).toContain(`pgan,${nameOf('pgan')},${tests[0]?.caseId ?? ''},mae,MAE`);

  await page.keyboard.press('Delete');
  await expect(compare.report.locator('body')).toHaveCount(0);
  await expect(page.getByText(text('compare.list.none'))).toBeVisible();
  await shell.button('shell.undo').click();
  await expect(report.getByRole('heading', { level: 1 })).toBeVisible();
  expect((await served.get<ComparisonsView>('comparisons')).comparisons).toHaveLength(1);
  await page.keyboard.press('b');
  await shell.expectDesk('train');
});
