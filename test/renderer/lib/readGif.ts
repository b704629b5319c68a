/** Reads the blocks of a GIF 89a (W3C specification): sizes, delays, palette; the pixels' LZW data are stepped over. */
export interface GifContent {
  readonly width: number;
  readonly height: number;
  readonly repeats: boolean;
  readonly delaysMs: readonly number[];
  readonly palette: readonly (readonly number[])[];
}

export function readGif(bytes: Uint8Array): GifContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number): string =>
    String.fromCharCode(...bytes.subarray(at, at + length));
  if (text(0, 6) !== 'GIF89a') throw new Error('not a GIF 89a');
  const flags = view.getUint8(10);
  const colours = flags & 0x80 ? 2 ** ((flags & 7) + 1) : 0;
  const palette = Array.from({ length: colours }, (_, at) => [...bytes.subarray(13 + at * 3, 16 + at * 3)]);
  let at = 13 + colours * 3;
  const delaysMs: number[] = [];
  let [images, repeats] = [0, false];
  const skipBlocks = (): void => {
    while (view.getUint8(at) !== 0) at += view.getUint8(at) + 1;
    at++;
  };
  while (view.getUint8(at) !== 0x3b) {
    const kind = view.getUint8(at);
    if (kind === 0x21) {
      const label = view.getUint8(at + 1);
      if (label === 0xf9) delaysMs.push(view.getUint16(at + 4, true) * 10);
      if (label === 0xff) repeats ||= text(at + 3, 11) === 'NETSCAPE2.0';
      at += 2;
      skipBlocks();
    } else if (kind === 0x2c) {
      const local = view.getUint8(at + 9);
      at += 10 + (local & 0x80 ? 3 * 2 ** ((local & 7) + 1) : 0) + 1;
      skipBlocks();
      images++;
    } else throw new Error(`unknown block ${kind} at ${at}`);
  }
  if (at !== bytes.length - 1 || images !== delaysMs.length) throw new Error('blocks do not add up');
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), repeats, delaysMs, palette };
}
