/** What an export leaves behind when its process is killed or the disk is full. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportCtSeries } from '../../src-main/services/exporter/exportCtSeries.ts';
import type { Affine } from '../../src-main/shared/affine.ts';

const root = resolve(import.meta.dirname, '../..');
const script = join(root, 'test/fixtures/exportSeries.ts');
const indexToLps: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0];
const model = { name: 'm', version: '1', weightHash: 'ff' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-export-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Names in the half-written folder, or none while there is no such folder. */
function partialFiles(): string[] {
  const [partial] = readdirSync(folder).filter((name) => name.endsWith('.partial'));
  return partial === undefined ? [] : readdirSync(join(folder, partial));
}

describe('an export whose process is killed', () => {
  it('leaves nothing at the final name, and the next export succeeds and sweeps the rest', async () => {
    const target = join(folder, 'sct');
    const child = spawn(process.execPath, ['--import', 'tsx', script, target], {
      cwd: root,
      stdio: 'inherit',
    });
    const ended = once(child, 'exit');
    while (child.exitCode === null && partialFiles().length < 5)
      await new Promise((next) => setImmediate(next));
    child.kill('SIGKILL');
    const [code, signal] = (await ended) as [number | null, string | null];
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
    expect(partialFiles().length).toBeGreaterThanOrEqual(5);
    expect(readdirSync(folder)).not.toContain('sct');

    const data = new Int16Array(60);
    await exportCtSeries({ volume: { grid: { size: [5, 4, 3], indexToLps }, data }, model }, target);
    expect(readdirSync(folder)).toEqual(['sct']);
    expect(readdirSync(target)).toHaveLength(3);
  });
});

/** Mounts a file system of `kilobytes` at `path`; false, with a printed reason, where that is not allowed. */
function mountSmallDisk(path: string, kilobytes: number): boolean {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path]);
  if (status === 0) return true;
  process.stderr.write('No small file system can be mounted here: the full-disk test does not run.\n');
  return false;
}

describe('an export to a full disk', () => {
  it('ends with DISK_FULL and leaves nothing', async ({ skip }) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    if (!mountSmallDisk(disk, 256)) skip('no small file system can be mounted here');
    try {
      const data = new Int16Array(128 * 128 * 20);
      const volume = { grid: { size: [128, 128, 20], indexToLps } as const, data };
      const exported = exportCtSeries({ volume, model }, join(disk, 'sct'));
      await expect(exported).rejects.toMatchObject({ code: 'DISK_FULL' });
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
