/**
 * Entries of a zip archive, read one at a time through its central directory; nothing is unpacked to disk.
 *
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3 (layout), 4.4 (fields), 4.5.3 (ZIP64). Methods: stored and deflated. Bounded: of an
 * entry only as much is inflated as is asked for, never more than it declares; the directory itself has a limit. A whole entry is
 * checked against its CRC-32. Archives in several parts and self-made additions in front of an archive are not read.
 */
import { Inflate } from 'fflate';
import { AppError } from '../../shared/appError.ts';
import type { ByteSource } from '../../shared/byteSource.ts';
import { crc32 } from '../voxels/inflate.ts';

export interface ZipEntry {
  /** As in the archive, with forward slashes; of folders nothing is listed. */
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly encrypted: boolean;
  /** 0: stored, 8: deflated; others are not read here. */
  readonly method: number;
  readonly crc: number;
  /** Of the entry's local header. */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const end64LocatorSignature = 0x07064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
/** Fields that are full say that the ZIP64 extra field has the value. */
const full16 = 0xffff;
const full32 = 0xffffffff;

const mostEntries = 200_000;
const largestDirectory = 2 ** 26;
const pieceBytes = 2 ** 14;

/** Lists the entries of the archive. Rejects with ARCHIVE_INVALID. */
export async function listZip(source: ByteSource): Promise<ZipEntry[]> {
  const invalid = (reason: string): AppError =>
    new AppError('ARCHIVE_INVALID', { path: source.name, reason });
  const end = await findEnd(source);
  if (end === undefined) throw invalid('it is no zip archive, or its end is missing');
  const { count, size, offset } = end;
  if (count > mostEntries || size > largestDirectory) throw invalid(`it lists ${count} files`);
  if (offset + size > source.size) throw invalid('its list of files is cut');
  const bytes = await source.read(offset, size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= size && view.getUint32(at, true) === centralSignature;) {
    const length = [28, 30, 32].reduce((sum, field) => sum + view.getUint16(at + field, true), 46);
    if (at + length > size) throw invalid('its list of files is cut');
    entries.push(readEntry(view, at));
    at += length;
  }
  if (entries.length !== count) throw invalid('its list of files is damaged');
  return entries.filter(({ name }) => !name.endsWith('/'));
}

/**
 * The first `length` bytes of an entry (all of it: checked against its checksum). Rejects with ARCHIVE_INVALID when the entry is damaged,
 * encrypted or packed in another way, or gives another number of bytes than it declares.
 */
export async function readZipEntry(
  source: ByteSource,
  entry: ZipEntry,
  length = entry.size,
): Promise<Uint8Array> {
  const path = `${source.name}/${entry.name}`;
  const invalid = (reason: string): AppError => new AppError('ARCHIVE_INVALID', { path, reason });
  if (entry.encrypted) throw invalid('it is encrypted');
  if (entry.method !== 0 && entry.method !== 8) throw invalid(`it is packed by method ${entry.method}`);
  const start = await dataOffset(source, entry, invalid);
  if (start + entry.compressedSize > source.size) throw invalid('the archive ends before it');
  const bytes =
    entry.method === 0
      ? await source.read(start, Math.min(length, entry.compressedSize))
      : await inflateStart(source, start, entry, length, invalid);
  if (bytes.length < length) throw invalid(`${bytes.length} of ${length} bytes came out`);
  if (length === entry.size && crc32(bytes) !== entry.crc) throw invalid('its checksum does not match');
  return bytes;
}

async function findEnd(
  source: ByteSource,
): Promise<{ count: number; size: number; offset: number } | undefined> {
  const length = Math.min(source.size, 22 + 0xffff);
  const from = source.size - length;
  const bytes = await source.read(from, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== endSignature) continue;
    const end = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const hasMore = end.count === full16 || end.size === full32 || end.offset === full32;
    return hasMore && at >= 20 && view.getUint32(at - 20, true) === end64LocatorSignature
      ? readEnd64(source, Number(view.getBigUint64(at - 12, true)))
      : end;
  }
  return undefined;
}

async function readEnd64(
  source: ByteSource,
  at: number,
): Promise<{ count: number; size: number; offset: number } | undefined> {
  if (at + 56 > source.size) return undefined;
  const bytes = await source.read(at, 56);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== end64Signature) return undefined;
  const number = (field: number): number => Number(view.getBigUint64(field, true));
  return { count: number(32), size: number(40), offset: number(48) };
}

function readEntry(view: DataView, at: number): ZipEntry {
  const nameLength = view.getUint16(at + 28, true);
  const extraAt = at + 46 + nameLength;
  const name = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength);
  const plain = { size: 24, compressedSize: 20, offset: 42 };
  const sizes = {
    size: view.getUint32(at + plain.size, true),
    compressedSize: view.getUint32(at + plain.compressedSize, true),
    offset: view.getUint32(at + plain.offset, true),
  };
  return {
    name: decodeName(name).replaceAll('\\', '/'),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    ...fillFrom64(sizes, view, extraAt, extraAt + view.getUint16(at + 30, true)),
  };
}

interface Sizes {
  size: number;
  compressedSize: number;
  offset: number;
}

/** Full fields replaced by those of the ZIP64 extra field, which has only these, in this order. */
function fillFrom64(sizes: Sizes, view: DataView, from: number, end: number): Sizes {
  const filled = { ...sizes };
  for (let at = from; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let place = at + 4;
    for (const field of ['size', 'compressedSize', 'offset'] as const) {
      if (filled[field] !== full32 || place + 8 > end) continue;
      filled[field] = Number(view.getBigUint64(place, true));
      place += 8;
    }
    break;
  }
  return filled;
}

/** UTF-8, as nearly all programs write; what is not, as Latin-1, so that every name is distinct. */
function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

async function dataOffset(
  source: ByteSource,
  { offset }: ZipEntry,
  invalid: (reason: string) => AppError,
): Promise<number> {
  if (offset + 30 > source.size) throw invalid('the archive ends before it');
  const bytes = await source.read(offset, 30);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== localSignature) throw invalid('it does not lie where the archive says');
  return offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
}

async function inflateStart(
  source: ByteSource,
  start: number,
  { compressedSize }: ZipEntry,
  length: number,
  invalid: (reason: string) => AppError,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  const stream = new Inflate((chunk) => {
    bytes.set(chunk.subarray(0, length - filled), filled);
    filled = Math.min(length, filled + chunk.length);
  });
  for (let at = 0; at < compressedSize && filled < length;) {
    const piece = await source.read(start + at, Math.min(pieceBytes, compressedSize - at));
    at += piece.length;
    try {
      stream.push(piece, at === compressedSize);
    } catch (error) {
      throw invalid(error instanceof Error ? error.message : String(error));
    }
  }
  return bytes.subarray(0, filled);
}
