import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import { Shell } from './pages/shell.ts';
import { SynthesizePage } from './pages/synthesizePage.ts';
import { noteFigure } from './support/figures.ts';
import { pageMemory } from './support/memory.ts';
import { expect, test } from './support/test.ts';
import { liveTextures, watchTextures } from './support/textures.ts';

test.use({ workspaceKind: 'prepared' });

test('opening two studies again and again leaves memory and textures where they were', async ({
  page,
  served,
}, info) => {
  test.setTimeout(180_000);
  await watchTextures(page);
  await page.goto(await served.newLink());
  const shell = new Shell(page);
  await shell.ready();
  const cases = await served.get<CaseSummary[]>('cases');
  const [large] = cases.filter(({ scts }) => scts.length > 0);
  const [small] = cases.filter(({ scts }) => scts.length === 0);
  if (!large || !small) throw new Error('The workspace lacks a study with and one without an sCT.');

  const synthesize = new SynthesizePage(page);
  const openBoth = async (): Promise<void> => {
    await shell.openFromLibrary(large);
    await synthesize.loaded('mr', 'ct', 'sct');
    await synthesize.expectPicture(synthesize.view('mr'));
    await shell.go('bone');
    await shell.settled();
    await shell.openFromLibrary(small);
    await synthesize.loaded('mr', 'ct');
    await synthesize.expectPicture(synthesize.view('mr'));
  };
  const look = async () => ({ ...(await pageMemory(page)), textures: await liveTextures(page) });

  await openBoth();
  const first = await look();
  await openBoth();
  const second = await look();
  await openBoth();
  const third = await look();
  const on = 'two phantom studies, opened again';
  noteFigure(info, { name: 'memory of arrays, first time', value: first.buffersMiB, unit: 'MiB', on });
  noteFigure(info, { name: 'memory of arrays, third time', value: third.buffersMiB, unit: 'MiB', on });
  noteFigure(info, { name: 'JS heap, third time', value: third.heapMiB, unit: 'MiB', on });
  expect(first.textures).toBeGreaterThan(0);
  expect(second.textures, 'textures').toBe(first.textures);
  expect(third.textures, 'textures').toBe(first.textures);
  expect(third.buffersMiB, 'array buffers').toBeLessThan(first.buffersMiB * 1.02 + 0.5);
  // What is learned once (compiled views, caches of text) is not a leak; growth from one round to the next would be.
  expect(third.heapMiB - second.heapMiB, 'heap').toBeLessThan(1.5);
});
