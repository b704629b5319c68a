import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePhantomCohort } from '../../../../src-main/services/experiment/makeCohort.ts';
import type { JobEvent } from '../../../../src-main/shared/jobEvent.ts';
import {
  phantomCohortSchema,
  type PhantomCohortOptions,
} from '../../../../src-main/workflows/experiment/experimentFile.ts';

const options = phantomCohortSchema.parse({
  ...{ cases: 4, testCases: 1, seed: 1, misalignMm: 2, alignedShare: 0.25, meta: 'aligned' },
  ...{ sizePx: [48, 32], spacingMm: 8, slices: 3, sliceSpacingMm: 20 },
});

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'ilium-cohort-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const make = (wanted: PhantomCohortOptions, onEvent: (event: JobEvent) => void = () => undefined) =>
  makePhantomCohort(wanted, out, { onEvent, signal: new AbortController().signal });

/** Stops at the first patient that is drawn, or when they begin to be imported. */
async function stoppedAt(place: 'phantom' | 'import'): Promise<void> {
  const stop = new AbortController();
  const onEvent = (event: JobEvent): void => {
    if (event.type === 'progress' && (event.step === 'phantom') === (place === 'phantom'))
      stop.abort(new Error('stopped'));
  };
  await expect(makePhantomCohort(options, out, { onEvent, signal: stop.signal })).rejects.toThrow('stopped');
}

const madeFromOthers = {
  code: 'EXPERIMENT_INVALID',
  message: expect.stringMatching(/other options/) as string,
};

describe('the phantoms of an experiment', () => {
  it('that were stopped are not completed with other options, and go on with the same', async () => {
    await stoppedAt('import');
    expect(existsSync(join(out, 'phantom', 'train', 'phantom.json'))).toBe(true);
    const others = [{ misalignMm: 8 }, { seed: 5 }, { variety: 1 }, { meta: 'rank' as const }, { slices: 4 }];
    for (const other of others)
      await expect(make({ ...options, ...other })).rejects.toMatchObject(madeFromOthers);
    expect((await make(options)).phantoms).toHaveLength(4);
    await expect(make({ ...options, misalignMm: 8 })).rejects.toMatchObject(madeFromOthers);
  });

  it('are bound to their options before the first of them is drawn', async () => {
    await stoppedAt('phantom');
    expect(existsSync(join(out, 'phantom', 'train'))).toBe(false);
    await expect(make({ ...options, seed: 5 })).rejects.toMatchObject(madeFromOthers);
  });

  it('are found again under a record that says no more than their options', async () => {
    await make(options);
    const path = join(out, 'cohort.json');
    const { options: written } = JSON.parse(readFileSync(path, 'utf8')) as { options: string };
    writeFileSync(path, JSON.stringify({ schemaVersion: 1, options: written }));
    const drawn: JobEvent[] = [];
    expect((await make(options, (event) => drawn.push(event))).phantoms).toHaveLength(4);
    expect(drawn).toEqual([]);
  });

  it('are not taken for what is wanted where nobody knows what they were drawn from', async () => {
    await stoppedAt('import');
    rmSync(join(out, 'cohort.json'));
    await expect(make(options)).rejects.toMatchObject({ code: 'EXPERIMENT_INVALID' });
  });
});
