import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFilm } from '../../../../src-main/services/compare/readFilm.ts';
import { filmOf, weighedEpochs } from '../../../../src-main/services/training/runFilm.ts';
import { runPaths, type RunPaths } from '../../../../src-main/workflows/train/runFolder.ts';
import { openTinyWorkspace, trainTinyRun, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
let paths: RunPaths;
beforeAll(async () => {
  tiny = await openTinyWorkspace();
  paths = runPaths(await trainTinyRun(tiny, 'run', 'meta'));
});
afterAll(() => tiny.dispose());

/** The epochs the report shows of the run, had it had such a warm-up. */
async function shownAfter(warmupEpochs: number): Promise<number[] | undefined> {
  const record = JSON.parse(readFileSync(paths.record, 'utf8')) as { config: object };
  writeFileSync(paths.record, JSON.stringify({ ...record, config: { ...record.config, warmupEpochs } }));
  return (await readFilm(paths))?.frames.map(({ epoch }) => epoch);
}

it('shows the maps of epochs whose pixels were weighed, not those of the warm-up', async () => {
  expect((await filmOf(paths, String)).epochs).toEqual([0, 1, 2]);
  expect(await shownAfter(0)).toEqual([1, 2]);
  expect(await shownAfter(1)).toEqual([2]);
});

it('shows nothing of a run that is still in its warm-up, or learns no weights', async () => {
  const film = await filmOf(paths, String);
  expect(weighedEpochs({ ...film, epochs: [0, 1], warmupEpochs: 1 })).toEqual([]);
  expect(weighedEpochs({ ...film, hasWeights: false, warmupEpochs: 0 })).toEqual([]);
});
