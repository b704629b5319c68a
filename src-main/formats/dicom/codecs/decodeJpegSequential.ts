/**
 * Sequential Huffman JPEG of one component, 8 or 12 bits: Baseline and Extended (SOF0, SOF1).
 *
 * Written here because the small decoders that are packaged read 8 bits only, and the one that reads 12 takes files, not
 * bytes. Source: ITU-T T.81 annexes A.3 (DCT), B (markers), F.2 (decoding). The inverse DCT is computed in double precision and
 * rounded once, so a value may differ by one from integer decoders. Limits: one component, one scan; no arithmetic coding.
 */
import type { DecodedFrame, FrameShape } from './frameDecoder.ts';
import { BitReader, huffmanTable, type HuffmanTable } from './huffmanTable.ts';

/** Column of T.81 figure 5: the place in an 8×8 block (row-major) of the k-th coefficient in zig-zag order. */
const zigZag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
  28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61,
  54, 47, 55, 62, 63,
]); // prettier-ignore

/** `C(u)/2 · cos((2x + 1)uπ/16)` at [8x + u]. */
const cosines = Float64Array.from({ length: 64 }, (_, at) => {
  const [x, u] = [at >> 3, at & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

interface Tables {
  readonly quantization: Map<number, Uint16Array>;
  readonly dc: Map<number, HuffmanTable>;
  readonly ac: Map<number, HuffmanTable>;
  restartInterval: number;
  precision: number;
  quantizationId: number;
}

/** Decodes one frame. Throws a RangeError for a damaged stream or one of another process. */
export function decodeJpegSequential(stream: Uint8Array, { columns, rows }: FrameShape): DecodedFrame {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const tables: Tables = {
    quantization: new Map(),
    dc: new Map(),
    ac: new Map(),
    restartInterval: 0,
    precision: 0,
    quantizationId: 0,
  };
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) throw new RangeError('a marker is missing');
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    const segment = new DataView(view.buffer, view.byteOffset + at + 4, length - 2);
    if (marker === 0xda) return decodeScan(stream, at + 2 + length, segment, tables, columns, rows);
    readSegment(marker, segment, tables);
    at += 2 + length;
  }
}

function readSegment(marker: number, segment: DataView, tables: Tables): void {
  if (marker === 0xdb) readQuantization(segment, tables);
  else if (marker === 0xc4) readHuffman(segment, tables);
  else if (marker === 0xdd) tables.restartInterval = segment.getUint16(0);
  else if (marker === 0xc0 || marker === 0xc1) {
    tables.precision = segment.getUint8(0);
    tables.quantizationId = segment.getUint8(8);
  } else if (marker >= 0xc2 && marker <= 0xcf)
    throw new RangeError('another process than sequential Huffman');
}

function readQuantization(segment: DataView, { quantization }: Tables): void {
  for (let at = 0; at < segment.byteLength;) {
    const head = segment.getUint8(at);
    const isWide = head >> 4 !== 0;
    const start = at + 1;
    quantization.set(
      head & 15,
      Uint16Array.from({ length: 64 }, (_, k) =>
        isWide ? segment.getUint16(start + 2 * k) : segment.getUint8(start + k),
      ),
    );
    at = start + (isWide ? 128 : 64);
  }
}

function readHuffman(segment: DataView, { dc, ac }: Tables): void {
  for (let at = 0; at < segment.byteLength;) {
    const head = segment.getUint8(at);
    const counts = Uint8Array.from({ length: 16 }, (_, k) => segment.getUint8(at + 1 + k));
    const total = counts.reduce((sum, count) => sum + count, 0);
    const start = at + 17;
    const values = Uint8Array.from({ length: total }, (_, k) => segment.getUint8(start + k));
    (head >> 4 === 0 ? dc : ac).set(head & 15, huffmanTable(counts, values));
    at = start + total;
  }
}

function decodeScan(
  stream: Uint8Array,
  start: number,
  scan: DataView,
  tables: Tables,
  columns: number,
  rows: number,
): DecodedFrame {
  const selector = scan.getUint8(2);
  const [dc, ac] = [tables.dc.get(selector >> 4), tables.ac.get(selector & 15)];
  const quantization = tables.quantization.get(tables.quantizationId);
  const { precision, restartInterval } = tables;
  if (!dc || !ac || !quantization || scan.getUint8(0) !== 1)
    throw new RangeError('its tables are incomplete');
  if (precision !== 8 && precision !== 12) throw new RangeError(`${precision} bits per sample`);
  const words = precision === 8 ? new Uint8Array(columns * rows) : new Uint16Array(columns * rows);
  const reader = new BitReader(stream, start);
  const [across, down] = [Math.ceil(columns / 8), Math.ceil(rows / 8)];
  const block = new Float64Array(64);
  let predicted = 0;
  for (let unit = 0; unit < across * down; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      reader.restart();
      predicted = 0;
    }
    predicted += reader.difference(reader.decode(dc));
    block.fill(0);
    block[0] = predicted * (quantization[0] ?? 0);
    readCoefficients(reader, ac, quantization, block);
    inverseDct(block);
    storeBlock(block, words, 8 * (unit % across), 8 * Math.floor(unit / across), columns, rows, precision);
  }
  return { words, precision };
}

function readCoefficients(
  reader: BitReader,
  ac: HuffmanTable,
  quantization: Uint16Array,
  block: Float64Array,
): void {
  for (let k = 1; k < 64; k++) {
    const symbol = reader.decode(ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0 && run < 15) return;
    k += run;
    if (k > 63) throw new RangeError('a block has too many coefficients');
    if (size > 0) block[zigZag[k] ?? 0] = reader.difference(size) * (quantization[k] ?? 0);
  }
}

const half = new Float64Array(64);

/** In place: coefficients [8v + u] to samples [8y + x], columns first. */
function inverseDct(block: Float64Array): void {
  transform(block, half);
  transform(half, block);
}

/** One-dimensional inverse DCT of each row of `from`, transposed into `to`. */
function transform(from: Float64Array, to: Float64Array): void {
  for (let row = 0; row < 8; row++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += (cosines[8 * x + u] ?? 0) * (from[8 * row + u] ?? 0);
      to[8 * x + row] = sum;
    }
  }
}

function storeBlock(
  block: Float64Array,
  words: Uint8Array | Uint16Array,
  left: number,
  top: number,
  columns: number,
  rows: number,
  precision: number,
): void {
  const middle = 1 << (precision - 1);
  const most = 2 * middle - 1;
  for (let y = 0; y < 8 && top + y < rows; y++) {
    for (let x = 0; x < 8 && left + x < columns; x++) {
      const value = Math.round((block[8 * y + x] ?? 0) + middle);
      words[(top + y) * columns + left + x] = Math.min(most, Math.max(0, value));
    }
  }
}
