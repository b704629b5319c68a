import type { ModelSummary } from '../../src-main/api/contract/models.ts';
import type { CohortView, RunSummary } from '../../src-main/api/contract/training.ts';
import { TrainPage } from './pages/trainPage.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

test('from no pairs to a released model: phantom cohort, short training, weight maps as a film', async ({
  shell,
  served,
}) => {
  test.setTimeout(240_000);
  await shell.go('train');
  const page = new TrainPage(shell.page);
  await page.button('train.empty.phantoms').click();
  await expect(page.pairs).not.toHaveCount(0, { timeout: 120_000 });
  const roles = async (): Promise<string[]> =>
    (await served.get<CohortView>('cohort')).cases.map(({ role }) => role);
  await expect(async () => expect(await roles()).toContain('meta')).toPass({ timeout: 120_000 });

  await page.set({
    constantEpochs: 1,
    decayEpochs: 1,
    warmupEpochs: 0,
    slicesPerEpoch: 16,
    batchSize: 2,
    metaBatchSize: 4,
    metaMicroBatch: 4,
    'generator.ngf': 4,
    'generator.blocks': 1,
    'discriminator.ndf': 4,
    'spacingMm.0': 4,
    'spacingMm.1': 4,
    'cropPx.0': 64,
    'cropPx.1': 64,
    watchedSlices: 2,
  });
  await page.button('train.form.start').click();
  await expect(page.status.getByText(text('train.status.finished'))).toBeVisible({ timeout: 180_000 });

  const [run] = await served.get<RunSummary[]>('runs');
  expect(run).toMatchObject({ method: 'meta', status: 'finished', epochs: 2 });
  await expect(page.page.getByRole('region', { name: text('train.film.title') })).toBeVisible();
  for (const plane of ['mr', 'ct', 'sct', 'weight'] as const) await page.expectPicture(plane);
  await expect(page.epoch).toHaveText(text('train.film.epoch', { epoch: 2, last: 2 }));
  const trained = await page.plane('weight').screenshot();
  await page.scrubber.focus();
  await page.page.keyboard.press('Home');
  await expect(page.page.getByText(text('train.film.before'))).toBeVisible();
  await expect(async () =>
    expect((await page.plane('weight').screenshot()).equals(trained)).toBe(false),
  ).toPass();
  await page.button('train.film.play').click();
  await expect(page.epoch).toHaveText(text('train.film.epoch', { epoch: 2, last: 2 }));

  await page.button('train.release.open').click();
  const dialog = page.page.getByRole('dialog', { name: text('train.release.title') });
  await dialog.getByRole('textbox').fill('Short training');
  await dialog.getByRole('button', { name: text('train.release.do'), exact: true }).click();
  await expect(page.page.getByText(text('train.release.done', { name: 'Short training' }))).toBeVisible({
    timeout: 60_000,
  });
  const models = await served.get<ModelSummary[]>('models');
  expect(models.filter(({ origin }) => origin === 'workspace').map(({ name }) => name)).toEqual([
    'Short training',
  ]);
});
