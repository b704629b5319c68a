/**
 * Huffman tables of a JPEG stream and the bit reader they are used with (ITU-T T.81 annex C, F.2.2). The reader drops the zero
 * that follows an FF data byte and gives zeros from the first marker on, as decoders do; a stream that is cut is refused before.
 */
export interface HuffmanTable {
  /** By code length 1–16: the largest code, or −1, and what to subtract from a code to have its value's place. */
  readonly largest: Int32Array;
  readonly offset: Int32Array;
  readonly values: Uint8Array;
}

/** Builds a table from the 16 counts by code length and the values in order (a DHT segment's content). */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const largest = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1] ?? 0;
    offset[length] = code - place;
    if (count > 0) largest[length] = code + count - 1;
    code = (code + count) << 1;
    place += count;
  }
  return { largest, offset, values };
}

export class BitReader {
  private readonly stream: Uint8Array;
  private at: number;
  private held = 0;
  private bits = 0;

  constructor(stream: Uint8Array, at: number) {
    this.stream = stream;
    this.at = at;
  }

  /** The next `count` (0–16) bits as an unsigned number. */
  take(count: number): number {
    while (this.bits < count) {
      this.held = ((this.held << 8) | this.nextByte()) & 0xffffff;
      this.bits += 8;
    }
    this.bits -= count;
    return (this.held >>> this.bits) & ((1 << count) - 1);
  }

  /** The next value of `table`. Throws a RangeError for a code it does not have. */
  decode({ largest, offset, values }: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.take(1);
      const most = largest[length] ?? -1;
      if (code <= most) return values[code - (offset[length] ?? 0)] ?? 0;
    }
    throw new RangeError('an unknown Huffman code');
  }

  /** `count` bits as a signed difference (EXTEND of F.2.2.1). */
  difference(count: number): number {
    if (count === 0) return 0;
    const value = this.take(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** Skips to behind the next restart marker. Throws a RangeError when another marker is next. */
  restart(): void {
    this.bits = 0;
    while (this.at + 1 < this.stream.length && this.stream[this.at] !== 0xff) this.at++;
    const marker = this.stream[this.at + 1] ?? 0;
    if (marker < 0xd0 || marker > 0xd7) throw new RangeError('a restart marker is missing');
    this.at += 2;
  }

  private nextByte(): number {
    const byte = this.stream[this.at] ?? 0xff;
    if (byte !== 0xff) {
      this.at++;
      return byte;
    }
    if (this.stream[this.at + 1] !== 0) return 0; // a marker: the scan's data end here
    this.at += 2;
    return 0xff;
  }
}
