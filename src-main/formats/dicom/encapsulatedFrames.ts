/**
 * The compressed frames of encapsulated pixel data.
 *
 * Source: DICOM PS3.5 section A.4 and table A.4-1: items (FFFE,E000), the first of them the Basic Offset Table (which may be
 * empty), then fragments, then a delimiter (FFFE,E0DD); always little endian. A frame may span fragments. Which fragments make
 * a frame is told, in this order, by: there being one frame; the offset table; one fragment each; the codestreams' first bytes.
 */
import { AppError } from '../../shared/appError.ts';

interface Fragment {
  /** Of the item's tag, from the first byte behind the offset table: what the table counts. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const itemTag = 0xe000fffe;
const delimiterTag = 0xe0ddfffe;

/**
 * The `count` frames in the pixel data that begin at `start` of `bytes`, each a codestream. Throws DICOM_TRUNCATED when an item or the
 * delimiter is missing, DICOM_UNSUPPORTED when fragments cannot be told apart.
 */
export function encapsulatedFrames(
  bytes: Uint8Array,
  start: number,
  count: number,
  name: string,
): Uint8Array[] {
  const { table, fragments } = readItems(bytes, start, name);
  const groups =
    count === 1
      ? [fragments]
      : (groupByTable(fragments, table, count) ??
        (fragments.length === count ? fragments.map((fragment) => [fragment]) : groupByContent(fragments)));
  if (groups.length !== count || groups.some(({ length }) => length === 0)) {
    const reason = `its ${fragments.length} fragments do not make ${count} frames`;
    throw new AppError('DICOM_UNSUPPORTED', { path: name, reason });
  }
  return groups.map(join);
}

function readItems(
  bytes: Uint8Array,
  start: number,
  name: string,
): { table: readonly number[]; fragments: readonly Fragment[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const truncated = (reason: string): AppError => new AppError('DICOM_TRUNCATED', { path: name, reason });
  const items: Fragment[] = [];
  for (let at = start; ;) {
    if (at + 8 > bytes.length) throw truncated(`its pixel data end after ${items.length} items`);
    const tag = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (tag === delimiterTag) break;
    if (tag !== itemTag)
      throw new AppError('FILE_UNREADABLE', { path: name, reason: 'its pixel data are damaged' });
    if (at + 8 + length > bytes.length) throw truncated(`item ${items.length} of its pixel data is cut`);
    items.push({ offset: at, bytes: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length;
  }
  const [tableItem, ...fragments] = items;
  const tableBytes = tableItem?.bytes ?? new Uint8Array();
  const base = fragments[0]?.offset ?? 0;
  return {
    table: Array.from({ length: tableBytes.length >> 2 }, (_, at) =>
      view.getUint32((tableItem?.offset ?? 0) + 8 + 4 * at, true),
    ),
    fragments: fragments.map((fragment) => ({ ...fragment, offset: fragment.offset - base })),
  };
}

/** Fragments by the frame whose offset they follow; undefined when the table does not fit them. */
function groupByTable(
  fragments: readonly Fragment[],
  table: readonly number[],
  count: number,
): Fragment[][] | undefined {
  const starts = new Set(fragments.map(({ offset }) => offset));
  if (table.length !== count || table[0] !== 0 || !table.every((offset) => starts.has(offset)))
    return undefined;
  const first = new Set(table);
  return split(fragments, ({ offset }) => first.has(offset));
}

/** A codestream begins with SOI (JPEG) or SOC (JPEG 2000). */
function groupByContent(fragments: readonly Fragment[]): Fragment[][] {
  return split(fragments, ({ bytes: [b0, b1] }) => b0 === 0xff && (b1 === 0xd8 || b1 === 0x4f));
}

function split(fragments: readonly Fragment[], begins: (fragment: Fragment) => boolean): Fragment[][] {
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const group = groups.at(-1);
    if (group === undefined || begins(fragment)) groups.push([fragment]);
    else group.push(fragment);
  }
  return groups;
}

function join(fragments: readonly Fragment[]): Uint8Array {
  const [only] = fragments;
  if (fragments.length === 1 && only !== undefined) return only.bytes;
  const all = new Uint8Array(fragments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of fragments) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}
