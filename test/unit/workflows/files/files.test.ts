import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readRecord, writeRecord } from '../../../../src-main/workflows/files/record.ts';
import { stageFolder } from '../../../../src-main/workflows/files/stageFolder.ts';
import { sweepPartials, temporaryName } from '../../../../src-main/workflows/files/temporaryName.ts';
import { toWriteError } from '../../../../src-main/workflows/files/toWriteError.ts';
import { writeAtomically } from '../../../../src-main/workflows/files/writeAtomically.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function diskFull(): Error {
  return Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
}

describe('writeAtomically', () => {
  it('creates folders, replaces the old content and leaves nothing else', async () => {
    const path = join(folder, 'a', 'b.txt');
    await writeAtomically(path, 'one');
    await writeAtomically(path, Uint8Array.of(0x74, 0x77, 0x6f));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'a'))).toEqual(['b.txt']);
  });

  it('keeps the old content and leaves no temporary file when the disk fills up half-way', async () => {
    const path = join(folder, 'a.txt');
    await writeAtomically(path, 'old');
    async function* chunks(): AsyncGenerator<string> {
      yield await Promise.resolve('new');
      throw diskFull();
    }
    await expect(writeAtomically(path, chunks())).rejects.toMatchObject({ code: 'DISK_FULL', exitCode: 1 });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('says WRITE_FAILED when the place cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(writeAtomically(join(folder, 'file', 'x'), '')).rejects.toMatchObject({
      code: 'WRITE_FAILED',
    });
  });
});

describe('toWriteError', () => {
  it('passes AppErrors and programming faults through', () => {
    const known = new AppError('OUTPUT_EXISTS', { path: 'a' });
    expect(toWriteError(known, 'b')).toBe(known);
    const fault = new TypeError('x is not a function');
    expect(toWriteError(fault, 'b')).toBe(fault);
    const argument = Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_ARG_TYPE' });
    expect(toWriteError(argument, 'b')).toBe(argument);
  });
});

describe('stageFolder', () => {
  it('shows the folder only when it is complete', async () => {
    const target = join(folder, 'series');
    const result = await stageFolder(target, async (staged) => {
      await writeAtomically(join(staged, 'sub', '1'), 'one');
      expect((await readdir(folder)).filter((name) => !name.startsWith('.'))).toEqual([]);
      return 7;
    });
    expect(result).toBe(7);
    expect(readdirSync(folder)).toEqual(['series']);
    expect(readFileSync(join(target, 'sub', '1'), 'utf8')).toBe('one');
  });

  it('leaves nothing when filling fails', async () => {
    const target = join(folder, 'series');
    const failed = stageFolder(target, async (staged) => {
      await writeAtomically(join(staged, '1'), 'one');
      throw diskFull();
    });
    await expect(failed).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes an empty folder over and refuses one that holds something, or a file', async () => {
    const fill = (staged: string): Promise<void> => writeAtomically(join(staged, '1'), 'one');
    mkdirSync(join(folder, 'empty'));
    await stageFolder(join(folder, 'empty'), fill);
    expect(readdirSync(join(folder, 'empty'))).toEqual(['1']);
    await expect(stageFolder(join(folder, 'empty'), fill)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    writeFileSync(join(folder, 'file'), '');
    await expect(stageFolder(join(folder, 'file'), fill)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(readdirSync(folder).sort()).toEqual(['empty', 'file']);
  });

  it('does not replace a folder that appeared meanwhile', async () => {
    const target = join(folder, 'series');
    const late = stageFolder(target, async (staged) => {
      await writeAtomically(join(staged, '1'), 'late');
      await writeAtomically(join(target, '1'), 'first');
    });
    await expect(late).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(readFileSync(join(target, '1'), 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['series']);
  });
});

describe('sweepPartials', () => {
  it('removes what a dead process left and spares living and foreign ones', async () => {
    const mine = basename(temporaryName(join(folder, 'a')));
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const abandoned = mine.replace(`-${process.pid}-`, `-${dead}-`);
    const foreign = abandoned.replace(/\.[0-9a-f]{8}-/, '.00000000-');
    mkdirSync(join(folder, abandoned));
    writeFileSync(join(folder, abandoned, 'x'), '');
    for (const name of [mine, foreign, '.a.partial']) writeFileSync(join(folder, name), '');
    await sweepPartials(folder);
    expect(readdirSync(folder).sort()).toEqual([mine, foreign, '.a.partial'].sort());
  });
});

describe('records', () => {
  const schema = z.object({
    schemaVersion: z.literal(1),
    cases: z.array(z.object({ role: z.enum(['train', 'meta']) })),
  });

  it('reads what it wrote', async () => {
    const path = join(folder, 'r.json');
    await writeRecord(path, schema, { schemaVersion: 1, cases: [{ role: 'meta' }] });
    expect(await readRecord(path, schema)).toEqual({ schemaVersion: 1, cases: [{ role: 'meta' }] });
    expect(readFileSync(path, 'utf8').endsWith('}\n')).toBe(true);
  });

  it('names the place of a problem', async () => {
    const path = join(folder, 'r.json');
    await writeAtomically(path, '{"schemaVersion": 1, "cases": [{"role": "tset"}]}');
    await expect(readRecord(path, schema)).rejects.toThrow(/RECORD_INVALID|cases\[0\]\.role/);
    await writeAtomically(path, '{"schemaVersion": 1,');
    await expect(readRecord(path, schema, 'COHORT_INVALID')).rejects.toMatchObject({
      code: 'COHORT_INVALID',
    });
    await expect(readRecord(join(folder, 'none.json'), schema)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    await expect(readRecord(folder, schema)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(writeRecord(path, schema, { schemaVersion: 2 as 1, cases: [] })).rejects.toBeInstanceOf(
      z.ZodError,
    );
  });
});
