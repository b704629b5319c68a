/**
 * The entries of a zip archive that stores them as they are, which is how PyTorch writes (PKWARE APPNOTE 4.3): their names, sizes and places,
 * so that one can be read without the rest. Limits: no compression, no more than 4 GiB, no comment longer than 1 KiB.
 */
import type { ByteSource } from '../../shared/byteSource.ts';
import { PickleProblem } from './unpickle.ts';

export interface ZipEntry {
  readonly size: number;
  /** Where the entry's bytes begin in the file. */
  readonly at: () => Promise<number>;
}

const endBytes = 22;
const longestComment = 1024;

/** Entries by name. Throws a PickleProblem for what is no such archive. */
export async function readZipEntries(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const tailBytes = Math.min(source.size, endBytes + longestComment);
  const tail = viewOf(await source.read(source.size - tailBytes, tailBytes));
  let end = tailBytes - endBytes;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new PickleProblem('it is no whole zip archive');
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const start = tail.getUint32(end + 16, true);
  if (start + size > source.size) throw new PickleProblem('its list of entries lies beyond its end');
  const list = await source.read(start, size);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > list.length) throw new PickleProblem('its list of entries is cut short');
    const view = viewOf(list.subarray(at));
    const nameBytes = view.getUint16(28, true);
    const bytes = view.getUint32(24, true);
    const header = view.getUint32(42, true);
    if (view.getUint16(10, true) !== 0 || view.getUint32(20, true) !== bytes || bytes === 0xffffffff)
      throw new PickleProblem('it is compressed or larger than 4 GiB');
    const name = new TextDecoder().decode(list.subarray(at + 46, at + 46 + nameBytes));
    entries.set(name, { size: bytes, at: () => placeOf(source, header, bytes) });
    at += 46 + nameBytes + view.getUint16(30, true) + view.getUint16(32, true);
  }
  return entries;
}

/** An entry's bytes follow its local header, whose extra field has a length of its own (PyTorch aligns with it). */
async function placeOf(source: ByteSource, header: number, bytes: number): Promise<number> {
  if (header + 30 > source.size) throw new PickleProblem('an entry lies beyond its end');
  const local = viewOf(await source.read(header, 30));
  const place = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (local.getUint32(0, true) !== 0x04034b50 || place + bytes > source.size)
    throw new PickleProblem('an entry lies beyond its end');
  return place;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
