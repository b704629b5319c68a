/**
 * gzip (RFC 1952), zlib (RFC 1950) and raw deflate (RFC 1951) streams → bytes, by fflate.
 *
 * fflate does not look at the checksums, so they are checked here: a flipped bit must not become a wrong voxel. gzip files of
 * several members are joined. Damage comes back as a problem in words, never as an exception; output is bounded.
 */
import { FlateErrorCode, Gunzip, Inflate, unzlibSync } from 'fflate';

export type Inflated = { readonly bytes: Uint8Array } | { readonly problem: string };

const maximumBytes = 2 ** 32 - 1;
/** Small, because what one piece inflates to is only counted when it is there. */
const chunkBytes = 2 ** 14;
/** Enough for every header, and no bomb. */
const beginningBytes = 2 ** 14;
/** No deflate stream expands more than this (RFC 1951: 258 bytes from two bits). */
const largestRatio = 1032;

/** Whether the bytes begin like a gzip stream. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Inflates a whole gzip file, to at most `maximum` bytes, and checks length and CRC-32 of every member. */
export function gunzip(compressed: Uint8Array, maximum = maximumBytes): Inflated {
  const chunks: Uint8Array[] = [];
  let total = 0;
  let member = { crc: crc32(new Uint8Array()), length: 0 };
  const view = new DataView(compressed.buffer, compressed.byteOffset, compressed.byteLength);
  const closeMember = (end: number): void => {
    const intact =
      view.getUint32(end - 8, true) === member.crc && view.getUint32(end - 4, true) === member.length;
    if (!intact) throw new Error('its checksum does not match');
    member = { crc: crc32(new Uint8Array()), length: 0 };
  };
  const stream = new Gunzip((chunk) => {
    chunks.push(chunk);
    total += chunk.length;
    if (total > maximum) throw new Error(`it is larger than ${maximum} bytes`);
    member = { crc: crc32(chunk, member.crc), length: (member.length + chunk.length) >>> 0 };
  });
  stream.onmember = closeMember;
  try {
    for (let at = 0; at < compressed.length; at += chunkBytes) {
      stream.push(compressed.subarray(at, at + chunkBytes), at + chunkBytes >= compressed.length);
    }
    closeMember(compressed.length);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  return { bytes: concatenate(chunks, total) };
}

/** Inflates a zlib or one-member gzip stream that must give exactly `length` bytes. */
export function inflateTo(compressed: Uint8Array, length: number): Inflated {
  if (isGzip(compressed)) {
    const inflated = gunzip(compressed, length);
    if ('problem' in inflated || inflated.bytes.length === length) return inflated;
    return { problem: `${inflated.bytes.length} bytes where ${length} are needed` };
  }
  if (compressed.length < 6 || length > compressed.length * largestRatio)
    return { problem: 'unexpected EOF' };
  try {
    const bytes = unzlibSync(compressed, { out: new Uint8Array(length) });
    if (bytes.length < length) return { problem: `${bytes.length} bytes where ${length} are needed` };
    const view = new DataView(compressed.buffer, compressed.byteOffset, compressed.byteLength);
    return view.getUint32(compressed.length - 4) === adler32(bytes)
      ? { bytes }
      : { problem: 'its checksum does not match' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** `short`: more of the stream would help; `large`: it gives more than the maximum; `damaged`: no more of it would. */
export type InflatedRaw =
  { readonly bytes: Uint8Array } | { readonly problem: 'short' | 'large' | 'damaged' };

/** Inflates a whole raw deflate stream (RFC 1951), of which no checksum is kept, to at most `maximum` bytes. */
export function inflateRaw(compressed: Uint8Array, maximum: number): InflatedRaw {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const stream = new Inflate((chunk) => {
    chunks.push(chunk);
    total += chunk.length;
    if (total > maximum) throw new Error(`it is larger than ${maximum} bytes`);
  });
  try {
    for (let at = 0; at < compressed.length; at += chunkBytes) {
      stream.push(compressed.subarray(at, at + chunkBytes), at + chunkBytes >= compressed.length);
    }
  } catch (error) {
    if (total > maximum) return { problem: 'large' };
    const isShort = error instanceof Error && 'code' in error && error.code === FlateErrorCode.UnexpectedEOF;
    return { problem: isShort ? 'short' : 'damaged' };
  }
  return { bytes: concatenate(chunks, total) };
}

/** What the first 16 KiB of a gzip stream inflate to, unchecked: for looking at headers. Empty when it is no such stream. */
export function gunzipBeginning(compressed: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  try {
    new Gunzip((chunk) => void chunks.push(chunk)).push(compressed.subarray(0, beginningBytes), false);
  } catch {
    // A damaged stream is reported when it is read as a whole; here only what came out counts.
  }
  return concatenate(
    chunks,
    chunks.reduce((total, { length }) => total + length, 0),
  );
}

function concatenate(chunks: readonly Uint8Array[], total: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of RFC 1952 section 8, continued from `previous`. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Adler-32 of RFC 1950 section 8. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(at + 3800, bytes.length); // sums of 3800 bytes stay below 2^32
    for (; at < end; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
