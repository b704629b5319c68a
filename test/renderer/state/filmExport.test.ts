// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import type { FilmAnswer, FilmOrder } from '../../../src-renderer/lib/filmExport.ts';
import { epochText, sheetLayout, type SheetInput } from '../../../src-renderer/lib/filmSheet.ts';
import { Film } from '../../../src-renderer/state/film.svelte.ts';
import { FilmExport, type FilmWorker } from '../../../src-renderer/state/filmExport.svelte.ts';

const sheet: SheetInput = {
  size: [160, 104],
  spacingMm: [2.5, 2],
  hasWeights: true,
  warmupEpochs: 2,
  pxPerMm: 1,
  mrRange: [-1, 1],
  huRange: [-450, 1050],
  words: { planes: ['MR', 'CT', 'sCT', 'Weight'], epoch: 'epoch {epoch}', warmup: 'would be', caption: 'slice 4', average: 'average', locale: 'en' },
  colours: { background: '#000', text: '#fff', muted: '#aaa', mr: '#00f', ct: '#ff0', sct: '#0f0' },
}; // prettier-ignore

async function openedFilm(): Promise<Film> {
  const film = new Film({
    film: async () => ({
      slices: [{ caseId: 'a', label: 'A', slice: 3 }],
      size: [3, 2],
      spacingMm: [1, 1],
      epochs: [0, 1],
      hasWeights: true,
      warmupEpochs: 0,
    }),
    bytes: async () => new ArrayBuffer(2 * 6 * 4),
    fail: () => undefined,
    delay: () => () => undefined,
    remember: () => undefined,
  });
  await film.open('r');
  return film;
}

/** Workers whose answers the test gives. */
function workshop() {
  const orders: FilmOrder[] = [];
  const state = { ended: 0, answer: (_answer: FilmAnswer): void => undefined };
  const make = (): FilmWorker => {
    const worker: FilmWorker = {
      postMessage: (order) => {
        orders.push(order);
        state.answer = (data) => worker.onmessage?.({ data } as MessageEvent<FilmAnswer>);
      },
      onmessage: null,
      onerror: null,
      terminate: () => void state.ended++,
    };
    return worker;
  };
  const until = async (ready: () => boolean): Promise<void> => {
    while (!ready()) await new Promise((resolve) => setTimeout(resolve));
  };
  return { orders, state, make, until };
}

describe('a picture of the film', () => {
  test('keeps the true proportions of the planes and has even sides', () => {
    const { plane, lefts, width, height, bar } = sheetLayout(sheet);
    expect(plane).toEqual([400, 208]);
    expect(lefts).toHaveLength(4);
    expect([width % 2, height % 2]).toEqual([0, 0]);
    expect(bar && bar.left + bar.width).toBeLessThan(width);
  });

  test('says below the pictures of a warm-up that nothing was weighed by then', () => {
    const texts = [0, 2, 3].map((epoch) => epochText(sheet, epoch));
    expect(texts).toEqual(['epoch 0', 'epoch 2 · would be', 'epoch 3']);
    expect(epochText({ ...sheet, hasWeights: false }, 2)).toBe('epoch 2');
  });

  test('has no fourth plane and no colour bar without weights', () => {
    const layout = sheetLayout({ ...sheet, hasWeights: false });
    expect([layout.lefts.length, layout.bar]).toEqual([3, null]);
  });
});

describe('making a file of the film', () => {
  test('every epoch is drawn at the speed asked for, and the file tells its size', async () => {
    const { orders, state, make, until } = workshop();
    const maker = new FilmExport(make, () => undefined);
    const done = maker.make(await openedFilm(), 'gif', sheet, 4);
    await until(() => orders.length > 0);
    expect(orders[0]?.frames.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(orders[0]?.delayMs).toBe(250);
    state.answer({ type: 'progress', done: 2, total: 4 });
    expect(maker.progress).toBeCloseTo(2 / 3, 9);
    state.answer({ type: 'done', bytes: new Uint8Array(7) });
    await done;
    expect(maker.made).toMatchObject({ format: 'gif', frames: 2, width: sheetLayout(sheet).width });
    expect([maker.made?.bytes.length, maker.progress, state.ended]).toEqual([7, null, 1]);
  });

  test('a cancelled export ends its worker and says nothing', async () => {
    const { orders, state, make, until } = workshop();
    const said: unknown[] = [];
    const maker = new FilmExport(make, (error) => said.push(error));
    const done = maker.make(await openedFilm(), 'png', sheet, 4);
    await until(() => orders.length > 0);
    maker.cancel();
    await done;
    expect([state.ended, maker.made, maker.progress, said]).toEqual([1, null, null, []]);
  });

  test('a worker that fails is said', async () => {
    const { orders, state, make, until } = workshop();
    const said: unknown[] = [];
    const maker = new FilmExport(make, (error) => said.push(error));
    const done = maker.make(await openedFilm(), 'png', sheet, 4);
    await until(() => orders.length > 0);
    state.answer({ type: 'failed', message: 'no canvas' });
    await done;
    expect(String(said[0])).toContain('no canvas');
    expect(maker.made).toBeNull();
  });
});
