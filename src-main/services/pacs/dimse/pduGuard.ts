/**
 * Watches the bytes of a connection for protocol data units that no peer in order sends: dcmjs-dimse would wait for, and keep, whatever
 * length a header claims. Source: DICOM PS3.8 section 9.3 (type, reserved byte, 32-bit length).
 */
const headerLength = 6;
/** We offer 256 KiB at most; an association request stays below 1 MiB. */
const longestUnit = 4 << 20;

/** Returns a function that takes the next bytes and says whether all is well so far. */
export function createPduGuard(): (chunk: Uint8Array) => boolean {
  const header = new Uint8Array(headerLength);
  let filled = 0;
  let left = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        continue;
      }
      header[filled++] = chunk[at++] ?? 0;
      if (filled < headerLength) continue;
      filled = 0;
      left = new DataView(header.buffer).getUint32(2);
      const type = header[0] ?? 0;
      if (type < 1 || type > 7 || left > longestUnit) return false;
    }
    return true;
  };
}
