import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import { BonePage } from './pages/bonePage.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { median, noteFigure } from './support/figures.ts';
import { frameTimes } from './support/frameTimes.ts';
import { pageMemory, peakResidentMiB } from './support/memory.ts';
import { writeSeries, type SeriesShape } from './support/series.ts';
import { expect, test } from './support/test.ts';
import { text } from './support/text.ts';

let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilium-series-'));
});

test.afterEach(() => rm(folder, { recursive: true, force: true }));

async function seriesIn(name: string, shape: SeriesShape): Promise<string> {
  const path = join(folder, name);
  await writeSeries(path, shape);
  return path;
}

test('a series of 300 slices is seen soon after it was chosen, and scrolls', async ({
  shell,
  served,
}, info) => {
  test.setTimeout(180_000);
  const path = await seriesIn('mr', {
    modality: 'MR',
    size: [256, 256, 300],
    spacingMm: [1, 1, 1],
    number: 16,
  });
  await writeFile(join(path, 'notes.txt'), 'no image');
  const page = new SynthesizePage(shell.page);
  const began = Date.now();
  await shell.chooseFolder(path);
  await shell.expectDesk('synthesize', 90_000);
  await page.expectPicture(page.view('mr'));
  const on = '300 × 256×256 MR, DICOM, from a browser';
  noteFigure(info, {
    name: 'choosing a folder to first slice',
    value: (Date.now() - began) / 1000,
    unit: 's',
    on,
  });

  await page.loaded('mr');
  const [study] = await served.get<CaseSummary[]>('cases');
  expect(study?.mr?.size).toEqual([256, 256, 300]);
  const job = (await served.jobs()).find(({ kind }) => kind === 'import');
  const seconds = (Date.parse(job?.endedAt ?? '') - Date.parse(job?.startedAt ?? '')) / 1000;
  noteFigure(info, { name: 'of which the import job', value: seconds, unit: 's', on });
  await page.view('mr').focus();
  const times = await frameTimes(shell.page, 'keydown', 40, () => shell.page.keyboard.press('ArrowDown'));
  noteFigure(info, {
    name: 'slice change, median',
    value: median(times),
    unit: 'ms',
    on: '256×256×300, six views',
  });
});

test('512×512×200 stays within a stated memory', async ({ shell, served }, info) => {
  test.setTimeout(240_000);
  const path = await seriesIn('mr', {
    modality: 'MR',
    size: [512, 512, 200],
    spacingMm: [0.7, 0.7, 1],
    number: 32,
  });
  await shell.chooseFolder(path);
  const page = new SynthesizePage(shell.page);
  await shell.expectDesk('synthesize', 180_000);
  await page.expectPicture(page.view('mr'));
  await page.loaded('mr');
  const memory = await pageMemory(shell.page);
  const on = '512×512×200 MR (100 MiB of int16)';
  noteFigure(info, { name: 'memory of arrays in the window', value: memory.buffersMiB, unit: 'MiB', on });
  // One copy of the voxels and no more: int16 stays int16.
  expect(memory.buffersMiB).toBeLessThan(1.3 * 100);
  expect(memory.heapMiB).toBeLessThan(60);
  const server = await peakResidentMiB(served.process.pid);
  if (server !== undefined) {
    noteFigure(info, { name: 'peak memory of the server', value: server, unit: 'MiB', on });
    expect(server).toBeLessThan(500);
  }
});

test('the bone threshold follows the hand on 512×512×150', async ({ shell }, info) => {
  test.setTimeout(240_000);
  const path = await seriesIn('ct', {
    modality: 'CT',
    size: [512, 512, 150],
    spacingMm: [0.8, 0.8, 2],
    number: 48,
  });
  await shell.chooseFolder(path);
  await expect(
    shell.page
      .getByText(text('shell.import.done', { count: 1 }))
      .or(shell.page.getByText(/1 case/))
      .first(),
  ).toBeVisible({ timeout: 180_000 });
  await shell.go('bone');
  const bone = new BonePage(shell.page);
  await bone.triangles('ct', 250);
  const { mouse } = shell.page;
  const track = await bone.threshold.boundingBox();
  if (!track) throw new Error('The threshold has no slider.');
  const moveTo = (share: number): Promise<void> =>
    mouse.move(track.x + share * track.width, track.y + track.height / 2);
  await moveTo(0.1);
  await mouse.down();
  const times = await frameTimes(shell.page, 'input', 25, (at) => moveTo(0.15 + 0.01 * at));
  const released = Date.now();
  await mouse.up();
  const on = '512×512×150 CT, coarse surface while it moves';
  noteFigure(info, { name: 'threshold drag, median frame', value: median(times), unit: 'ms', on });
  const chosen = Number(await bone.threshold.inputValue());
  expect(chosen).toBeGreaterThan(450);
  expect(await bone.triangles('ct', chosen)).toBeGreaterThan(0);
  noteFigure(info, {
    name: 'fine surface after release',
    value: (Date.now() - released) / 1000,
    unit: 's',
    on,
  });
});
