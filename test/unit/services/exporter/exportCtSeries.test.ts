import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DerivedCt } from '../../../../src-main/formats/dicom/ctSeriesAttributes.ts';
import { exportCtSeries } from '../../../../src-main/services/exporter/exportCtSeries.ts';
import type { Affine } from '../../../../src-main/shared/affine.ts';

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof files>();
  return { ...actual, writeFile: vi.fn(actual.writeFile) };
});

const axial: Affine = [1, 0, 0, -5, 0, 1.5, 0, 7, 0, 0, 2, 100];
const volume = {
  grid: { size: [4, 3, 5], indexToLps: axial },
  data: Int16Array.from({ length: 60 }, (_, at) => at - 30),
} as const;
const derived: DerivedCt = { volume, model: { name: 'm', version: '1', weightHash: 'ff' } };

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-export-'));
  target = join(folder, 'sct');
});
afterEach(() => {
  vi.mocked(files.writeFile).mockReset();
  rmSync(folder, { recursive: true });
});

async function actualWriteFile(): Promise<typeof files.writeFile> {
  return (await vi.importActual<typeof files>('node:fs/promises')).writeFile;
}

/** Writes as usual, but file number `at` after `change`. */
async function changeFile(at: number, change: (bytes: Buffer) => Uint8Array): Promise<void> {
  const write = await actualWriteFile();
  let count = 0;
  vi.mocked(files.writeFile).mockImplementation(async (path, bytes, options) => {
    const content = Buffer.from(bytes as Uint8Array);
    await write(path, count++ === at ? change(content) : content, options);
  });
}

describe('exportCtSeries', () => {
  it('gives a receipt of what was written and verified', async () => {
    vi.mocked(files.writeFile).mockImplementation(await actualWriteFile());
    const steps: string[] = [];
    const receipt = await exportCtSeries(derived, target, ({ step }) => steps.push(step));
    expect(readdirSync(folder)).toEqual(['sct']);
    expect(readdirSync(target)).toEqual(receipt.files);
    expect(receipt.files).toHaveLength(5);
    expect(receipt.verified).toMatchObject({ equal: true, voxels: 60, maxValueDifference: 0 });
    expect(receipt.verified.maxPlaceDifferenceMm).toBeLessThan(1e-9);
    expect(steps).toEqual([...Array<string>(5).fill('write'), ...Array<string>(5).fill('verify')]);
  });

  it('accepts a left-handed grid, whose slices a reader stacks the other way round', async () => {
    vi.mocked(files.writeFile).mockImplementation(await actualWriteFile());
    const indexToLps: Affine = [1, 0, 0, -5, 0, 1.5, 0, 7, 0, 0, -2, 100];
    const { verified } = await exportCtSeries(
      { ...derived, volume: { ...volume, grid: { ...volume.grid, indexToLps } } },
      target,
    );
    expect(verified.equal).toBe(true);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['a voxel changed', (bytes) => bytes.fill(bytes.at(-1)! ^ 1, bytes.length - 1)],
    ['a file was cut off', (bytes) => bytes.subarray(0, bytes.length - 2)],
    ['a file is empty', () => new Uint8Array(0)],
  ])('fails and leaves nothing when %s on the disk', async (_, change) => {
    await changeFile(2, change);
    await expect(exportCtSeries(derived, target)).rejects.toMatchObject({
      code: 'EXPORT_VERIFICATION_FAILED',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['ENOSPC', 'DISK_FULL', 1],
    ['EACCES', 'WRITE_FAILED', 1],
  ])('turns %s in the middle into %s and leaves nothing', async (system, code, exitCode) => {
    await changeFile(3, () => {
      throw Object.assign(new Error(system), { code: system });
    });
    await expect(exportCtSeries(derived, target)).rejects.toMatchObject({ code, exitCode });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('never writes into a folder that holds something', async () => {
    mkdirSync(target);
    writeFileSync(join(target, 'mine.txt'), 'mine');
    await expect(exportCtSeries(derived, target)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(readdirSync(target)).toEqual(['mine.txt']);
  });
});
