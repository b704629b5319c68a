import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { makePhantomCohort } from '../../../../src-main/services/experiment/makeCohort.ts';
import { phantomText } from '../../../../src-main/services/experiment/phantomText.ts';
import type { JobEvent } from '../../../../src-main/shared/jobEvent.ts';
import {
  phantomCohortSchema,
  type PhantomCohortOptions,
} from '../../../../src-main/workflows/experiment/experimentFile.ts';
import {
  phantomManifestSchema,
  type PhantomManifest,
} from '../../../../src-main/workflows/phantom/phantomManifest.ts';

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

  describe('made of a scan', () => {
    const grid = {
      size: [40, 30, 16] as const,
      indexToLps: [10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0] as const,
    };
    const scan = (): { ct: string; labels: string } => ({
      ct: join(out, 'ct.nii'),
      labels: join(out, 'labels'),
    });
    const write = (muscleHu: number): void => {
      const inside = (at: number): boolean =>
        Math.hypot((at % 40) / 16 - 1.22, (Math.floor(at / 40) % 30) / 12 - 1.21) < 1;
      const data = Int16Array.from({ length: 19_200 }, (_, at) => (inside(at) ? muscleHu : -1000));
      writeFileSync(scan().ct, writeNifti({ grid, data }));
      mkdirSync(scan().labels, { recursive: true });
      const mask = Uint8Array.from(data, (hu, at) => (hu > 0 && at % 7 === 0 ? 1 : 0));
      writeFileSync(join(scan().labels, 'gluteus_maximus_left.nii'), writeNifti({ grid, data: mask }));
    };
    const { sizePx: _size, slices: _slices, ...untold } = options;
    const manifest = (group: string): PhantomManifest =>
      phantomManifestSchema.parse(
        JSON.parse(readFileSync(join(out, 'phantom', group, 'phantom.json'), 'utf8')) as unknown,
      );

    it('lie on one grid, whose size is the scan’s, and are not completed from another scan', async () => {
      write(40);
      const wanted = { ...untold, misalignMm: 30, scan: scan() };
      const stop = new AbortController();
      const drawn = makePhantomCohort(wanted, out, {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.type === 'progress' && event.step === 'phantom' && event.done === 4)
            stop.abort(new Error('stopped'));
        },
      });
      await expect(drawn).rejects.toThrow('stopped');
      expect(existsSync(join(out, 'phantom', 'train'))).toBe(true);
      write(60);
      await expect(make(wanted)).rejects.toMatchObject({ code: 'EXPERIMENT_INVALID' });
      write(40);
      rmSync(join(out, 'phantom', 'test'), { recursive: true });
      const { phantoms, scan: digests } = await make(wanted);
      expect(phantoms).toHaveLength(4);
      const ct = createHash('sha256').update(readFileSync(scan().ct)).digest('hex');
      expect(digests).toEqual({ ct, labels: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
      const text = phantomText(wanted, digests);
      expect(text).toContain(`made of a segmented CT (SHA-256 of the CT ${ct}, of its masks`);
      expect(text).not.toContain(out);
      expect(manifest('test').grid).toEqual(manifest('train').grid);
      expect(manifest('train').grid.sizePx).toEqual([56, 48]);
    });

    it('bind the folder to nothing while the scan cannot be read', async () => {
      await expect(make({ ...untold, scan: scan() })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
      expect(existsSync(join(out, 'cohort.json'))).toBe(false);
    });
  });
});
