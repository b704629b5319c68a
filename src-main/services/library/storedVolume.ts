/**
 * A volume as it lies on disk, read as little as possible: the grid from the header alone, slices as byte ranges, all voxels as a stream.
 * Files that are compressed, big-endian, scaled or of 64-bit integers are decoded whole instead; the workspace writes none, other tools may.
 */
import { open, stat } from 'node:fs/promises';
import {
  decodeNiftiVoxels,
  type NiftiHeader,
  niftiHeaderBytes,
  readNifti,
  readNiftiHeader,
} from '../../formats/nifti/readNifti.ts';
import { type VoxelKind, voxelKindOf, voxelKinds } from '../../formats/voxels/decodeVoxels.ts';
import { isGzip } from '../../formats/voxels/inflate.ts';
import { AppError } from '../../shared/appError.ts';
import { type Grid, voxelCount, type Volume, type VoxelArray } from '../../shared/volume.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { fileStream } from '../files/fileStream.ts';

/** The number kinds that a voxel array holds as they are. */
export type VoxelType = Exclude<VoxelKind, 'uint32' | 'int64' | 'uint64'>;

export interface StoredVolume {
  readonly grid: Grid;
  readonly type: VoxelType;
  /** Of all voxels as they are streamed. */
  readonly bytes: number;
  /** Changes when the file does. */
  readonly version: string;
  /** All voxels, little-endian, i fastest. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The values of slice `k` [size j, size i]. */
  readSlice(k: number): Promise<VoxelArray>;
  /** All values. */
  readAll(): Promise<VoxelArray>;
}

/** Opens a NIfTI file. Throws FILE_NOT_FOUND, FILE_UNREADABLE and what `readNifti` throws. */
export async function openStoredVolume(path: string): Promise<StoredVolume> {
  const { head, length, version } = await readHead(path);
  if (isGzip(head)) return decodedVolume(readNifti(await readBytes(path), path), version);
  const header = readNiftiHeader(head, path);
  const { grid, kind, littleEndian, voxelOffset, voxelBytes, isScaled } = header;
  if (voxelOffset + voxelBytes > length) {
    const reason = `it ends too early: ${length} bytes where ${voxelOffset + voxelBytes} are needed`;
    throw new AppError('NIFTI_INVALID', { path, reason });
  }
  const sizeInFile = voxelKinds[kind].size;
  if (isScaled || (!littleEndian && sizeInFile > 1) || !isVoxelType(kind))
    return decodedVolume(readNifti(await readBytes(path), path), version);
  const sliceBytes = grid.size[0] * grid.size[1] * sizeInFile;
  return {
    grid,
    type: kind,
    bytes: voxelBytes,
    version,
    stream: () => fileStream(path, voxelOffset, voxelBytes),
    readSlice: (k) => readRange(path, voxelOffset + k * sliceBytes, sliceBytes, header),
    readAll: () => readRange(path, voxelOffset, voxelBytes, header),
  };
}

/** A volume that is in memory already. */
export function decodedVolume({ grid, data }: Volume, version: string): StoredVolume {
  const pixels = grid.size[0] * grid.size[1];
  const kind = voxelKindOf(data);
  return {
    grid,
    type: isVoxelType(kind) ? kind : 'float64',
    bytes: voxelCount(grid) * data.BYTES_PER_ELEMENT,
    version,
    stream: () => bytesStream(data),
    readSlice: (k) => Promise.resolve(data.subarray(k * pixels, (k + 1) * pixels)),
    readAll: () => Promise.resolve(data),
  };
}

function isVoxelType(kind: VoxelKind): kind is VoxelType {
  return kind !== 'uint32' && kind !== 'int64' && kind !== 'uint64';
}

function bytesStream(data: VoxelArray): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunkBytes = 1 << 20;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      // A copy, since whoever takes a chunk may keep or transfer it.
      if (at < bytes.length) controller.enqueue(new Uint8Array(bytes.subarray(at, at + chunkBytes)));
      at += chunkBytes;
      if (at >= bytes.length) controller.close();
    },
  });
}

async function readHead(path: string): Promise<{ head: Uint8Array; length: number; version: string }> {
  try {
    const { size, mtimeMs } = await stat(path);
    const head = await readPart(path, 0, Math.min(niftiHeaderBytes, size));
    return { head, length: size, version: `${mtimeMs}-${size}` };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') throw new AppError('FILE_NOT_FOUND', { path }, { cause: error });
    if (code !== undefined) throw new AppError('FILE_UNREADABLE', { path, reason: code }, { cause: error });
    throw error;
  }
}

async function readRange(
  path: string,
  start: number,
  length: number,
  header: NiftiHeader,
): Promise<VoxelArray> {
  return decodeNiftiVoxels(await readPart(path, start, length), header);
}

async function readPart(path: string, start: number, length: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const { bytesRead } = await handle.read(bytes, at, length - at, start + at);
      if (bytesRead === 0) {
        const reason = 'it became shorter while it was read';
        throw new AppError('FILE_UNREADABLE', { path, reason });
      }
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
