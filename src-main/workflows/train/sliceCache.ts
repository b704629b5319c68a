/**
 * Prepared slices on disk, so that memory does not grow with the cohort: one file per case, all MR slices then all CT slices as raw
 * 32-bit floats (little-endian), so that a slice is a byte range.
 */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../files/writeAtomically.ts';
import type { CaseSlices } from './prepareCase.ts';

export interface CachedCase {
  readonly caseId: string;
  readonly count: number;
  /** SHA-256 of the prepared voxels: the case's part of the data fingerprint. */
  readonly sha256: string;
  readonly left: number;
  readonly top: number;
}

/** Writes a case's slices into `folder`. */
export async function cacheCase(folder: string, caseId: string, slices: CaseSlices): Promise<CachedCase> {
  const bytes = Buffer.concat([bytesOf(slices.mr), bytesOf(slices.ct)]);
  await writeAtomically(cachePath(folder, caseId), bytes);
  const { count, left, top } = slices;
  return { caseId, count, sha256: createHash('sha256').update(bytes).digest('hex'), left, top };
}

/** A slice of a case. */
export interface SliceAddress {
  readonly caseId: string;
  readonly slice: number;
}

export interface SliceReader {
  /** MR with neighbours as channels [n, k, h, w] (edge slices repeated) and CT [n, 1, h, w]. */
  read(addresses: readonly SliceAddress[]): Promise<{ x: Float32Array; y: Float32Array }>;
  close(): Promise<void>;
}

/** Opens the cache of `cases`; `channels` neighbouring slices per image of `pixels` values. */
export function openSliceCache(
  folder: string,
  cases: readonly CachedCase[],
  pixels: number,
  channels: number,
): SliceReader {
  const files = new Map<string, { count: number; handle: Promise<FileHandle> }>();
  const fileOf = (caseId: string): { count: number; handle: Promise<FileHandle> } => {
    const known = files.get(caseId);
    if (known) return known;
    const count = cases.find((one) => one.caseId === caseId)?.count;
    if (count === undefined) throw new RangeError(`The cache has no case ${caseId}.`);
    const opened = { count, handle: open(cachePath(folder, caseId), 'r') };
    files.set(caseId, opened);
    return opened;
  };
  const readInto = async (target: Float32Array, handle: FileHandle, image: number): Promise<void> => {
    const { bytesRead } = await handle.read(bytesOf(target), 0, target.byteLength, image * pixels * 4);
    if (bytesRead !== target.byteLength) throw new Error('The slice cache is shorter than its record says.');
  };
  return {
    async read(addresses) {
      const x = new Float32Array(addresses.length * channels * pixels);
      const y = new Float32Array(addresses.length * pixels);
      for (const [at, { caseId, slice }] of addresses.entries()) {
        const { count, handle: opened } = fileOf(caseId);
        const handle = await opened;
        for (let channel = 0; channel < channels; channel++) {
          const neighbour = Math.min(count - 1, Math.max(0, slice + channel - (channels - 1) / 2));
          const from = (at * channels + channel) * pixels;
          await readInto(x.subarray(from, from + pixels), handle, neighbour);
        }
        await readInto(y.subarray(at * pixels, (at + 1) * pixels), handle, count + slice);
      }
      return { x, y };
    },
    async close() {
      for (const { handle } of files.values()) await (await handle).close();
      files.clear();
    },
  };
}

function cachePath(folder: string, caseId: string): string {
  return join(folder, `${caseId}.f32`);
}

function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
