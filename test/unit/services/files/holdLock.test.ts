import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdLock, lockHolder } from '../../../../src-main/services/files/holdLock.ts';
import { bootId, processStat } from '../../../../src-main/workflows/files/processStat.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-lock-'));
  path = join(folder, 'node.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const take = () => holdLock(path, { subject: 'node', patienceMs: 60, pauseMs: 10 });
const content = (): Record<string, unknown> =>
  JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
/** A lock of a process that lives, as that process would have written it. */
const living = () => ({
  pid: process.ppid,
  host: hostname(),
  since: '',
  token: 'other',
  boot: bootId(),
  startedAt: processStat(process.ppid)?.startedAt,
});
const leave = (lock: object): void => writeFileSync(path, JSON.stringify(lock));
const isLinux = process.platform === 'linux';
if (!isLinux)
  process.stderr.write('Only Linux tells of starts: locks of reused process numbers are not tested.\n');

describe('a lock', () => {
  it('says whose it is, is refused to others, and is free when it was given back', async () => {
    const release = await take();
    expect(content()).toMatchObject({ pid: process.pid, host: hostname() });
    if (isLinux)
      expect(content()).toMatchObject({ boot: bootId(), startedAt: expect.stringMatching(/^\d+$/) });
    await expect(take()).rejects.toMatchObject({ code: 'JOB_BUSY' });
    expect(await lockHolder(path)).toEqual({ pid: process.pid });
    await release();
    expect(existsSync(path)).toBe(false);
  });

  it('of a process that lives is respected', async () => {
    leave(living());
    await expect(take()).rejects.toMatchObject({
      code: 'JOB_BUSY',
      details: { subject: `node (PID ${process.ppid})` },
    });
    expect(content()).toMatchObject({ token: 'other' });
  });

  it('of an earlier process with our number, as in a container that was started again, is taken over', async () => {
    leave({ pid: process.pid, host: hostname(), since: '', token: 'of before' });
    expect(await lockHolder(path)).toBeNull();
    await (
      await take()
    )();
    expect(existsSync(path)).toBe(false);
  });

  it.skipIf(!isLinux).each([
    ['of before the machine was started', { boot: 'another start' }],
    ['of a process whose number another has now', { startedAt: '1' }],
  ])('%s is taken over', async (_when, change) => {
    leave({ ...living(), ...change });
    const release = await take();
    expect(content()).toMatchObject({ pid: process.pid });
    await release();
  });

  it('of another machine is respected, and the error names the file that a person may remove', async () => {
    leave({ ...living(), host: 'elsewhere' });
    await expect(take()).rejects.toMatchObject({
      code: 'LOCKED_ELSEWHERE',
      message: expect.stringContaining(`remove ${path}`),
      details: { host: 'elsewhere' },
    });
    expect(existsSync(path)).toBe(true);
  });

  it('that someone else has by now is not given back by us', async () => {
    const release = await take();
    leave(living());
    await release();
    expect(content()).toMatchObject({ token: 'other' });
  });
});
