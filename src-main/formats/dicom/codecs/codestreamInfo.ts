/**
 * What a JPEG, JPEG-LS or JPEG 2000 codestream says of itself before any of it is decoded, so that a stream of another size or
 * in colour is refused before memory is taken for it.
 *
 * Source: ITU-T T.81 B.2.2 (SOFn), T.87 C.2.2 (SOF55), T.800 A.5.1 (SIZ). A JP2 file's boxes around a codestream are skipped.
 */
export interface CodestreamInfo {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  readonly precision: number;
  /** JPEG 2000 alone says whether samples are signed. */
  readonly signed: boolean;
  /** The end marker is there, with nothing but a little padding after it. */
  readonly complete: boolean;
}

/** Frame headers of JPEG: SOF0–SOF15 without DHT (C4), JPG (C8) and DAC (CC), and SOF55 (F7) of JPEG-LS. */
const isFrameHeader = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;

/** The stream's frame header, or undefined when none is found. */
export function codestreamInfo(stream: Uint8Array): CodestreamInfo | undefined {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const complete = endsWithMarker(stream);
  try {
    if (view.getUint16(0) === 0xffd8) return readJpeg(view, complete);
    const start = findCodestream(stream);
    return start === undefined ? undefined : readJpeg2000(view, start, complete);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // the stream ends before its frame header
    throw error;
  }
}

function readJpeg(view: DataView, complete: boolean): CodestreamInfo | undefined {
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at++;
    else if (isFrameHeader(marker)) {
      return {
        precision: view.getUint8(at + 4),
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
        signed: false,
        complete,
      };
    } else at += 2 + view.getUint16(at + 2);
  }
}

function readJpeg2000(view: DataView, start: number, complete: boolean): CodestreamInfo {
  const size = (at: number): number => view.getUint32(start + at) - view.getUint32(start + at + 8);
  const sample = view.getUint8(start + 42);
  return {
    columns: size(8),
    rows: size(12),
    components: view.getUint16(start + 40),
    precision: (sample & 0x7f) + 1,
    signed: (sample & 0x80) !== 0,
    complete,
  };
}

/** Where SOC and SIZ follow each other: at once, or behind the boxes of a JP2 file. */
function findCodestream(stream: Uint8Array): number | undefined {
  const last = Math.min(stream.length - 4, 4096);
  for (let at = 0; at <= last; at++) {
    if (stream[at] !== 0xff || stream[at + 1] !== 0x4f) continue;
    if (stream[at + 2] === 0xff && stream[at + 3] === 0x51) return at;
  }
  return undefined;
}

/** End of image (JPEG) and end of codestream (JPEG 2000) are the same two bytes; padding behind them is tolerated. */
function endsWithMarker(stream: Uint8Array): boolean {
  let end = stream.length;
  while (end > 0 && (stream[end - 1] === 0 || stream[end - 1] === 0xff)) end--;
  return end >= 2 && stream[end - 2] === 0xff && stream[end - 1] === 0xd9;
}
