/**
 * Small PNG files for the README: at most 256 colours (median cut over the picture's own), written as an indexed PNG (colour type 3,
 * PNG specification 11.2.1), which pngjs reads but does not write.
 */
import { crc32, deflateSync } from 'node:zlib';
import { decodePng } from './png.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Difference of the channels below which a colour counts as grey. */
const greyChroma = 28;

interface Box {
  readonly colours: readonly { readonly colour: Colour; readonly count: number }[];
}

/** The picture of `png` with `colours` colours; alpha is dropped. */
export function indexedPng(png: Uint8Array, colours = 256): Buffer {
  const { width, height, data } = decodePng(png);
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const key = colourKey(data, at);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const { palette, indexOf } = quantize(counts, colours);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows[y * (width + 1) + 1 + x] = indexOf.get(colourKey(data, 4 * (x + width * y))) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourKey(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
}

/** Greys and colours have a share of the palette each, so that a small coloured word keeps its colour beside large grey images. */
function quantize(
  counts: ReadonlyMap<number, number>,
  limit: number,
): { palette: Colour[]; indexOf: Map<number, number> } {
  const all = [...counts].map(([key, count]) => ({
    colour: [key >> 16, (key >> 8) & 255, key & 255] as const,
    count,
  }));
  const isGrey = ({ colour }: { readonly colour: Colour }): boolean => max(colour) - min(colour) < greyChroma;
  const boxes = [
    ...medianCut({ colours: all.filter(isGrey) }, limit / 2),
    ...medianCut({ colours: all.filter((entry) => !isGrey(entry)) }, limit / 2),
  ];
  const indexOf = new Map<number, number>();
  const palette = boxes.map(({ colours }, index) => {
    const total = pixelsOf(colours);
    for (const {
      colour: [red, green, blue],
    } of colours)
      indexOf.set((red << 16) | (green << 8) | blue, index);
    const mean = (channel: 0 | 1 | 2): number =>
      Math.round(colours.reduce((sum, { colour, count }) => sum + colour[channel] * count, 0) / total);
    return [mean(0), mean(1), mean(2)] as const;
  });
  return { palette, indexOf };
}

/**
 * Halves the box that matters most (spread times the cube root of its pixels) at its middle pixel until there are enough; each becomes
 * its mean colour.
 */
function medianCut(whole: Box, limit: number): Box[] {
  const boxes = whole.colours.length > 0 ? [whole] : [];
  while (boxes.length < limit) {
    const [first] = boxes
      .map((box, at) => ({ box, at, ...widestChannel(box) }))
      .sort((a, b) => b.weight - a.weight);
    if (!first || first.weight === 0) break;
    boxes.splice(first.at, 1, ...split(first.box, first.channel));
  }
  return boxes;
}

function widestChannel({ colours }: Box): { channel: 0 | 1 | 2; weight: number } {
  return ([0, 1, 2] as const)
    .map((channel) => {
      const values = colours.map(({ colour }) => colour[channel]);
      return { channel, weight: (max(values) - min(values)) * Math.cbrt(pixelsOf(colours)) };
    })
    .reduce((widest, next) => (next.weight > widest.weight ? next : widest));
}

/** Both halves hold at least one colour. */
function split({ colours }: Box, channel: 0 | 1 | 2): [Box, Box] {
  const sorted = [...colours].sort((a, b) => a.colour[channel] - b.colour[channel]);
  const half = pixelsOf(colours) / 2;
  let [at, seen] = [0, 0];
  while (at < sorted.length - 1 && (at === 0 || seen < half)) seen += sorted[at++]?.count ?? 0;
  return [{ colours: sorted.slice(0, at) }, { colours: sorted.slice(at) }];
}

function pixelsOf(colours: Box['colours']): number {
  return colours.reduce((sum, { count }) => sum + count, 0);
}

function min(values: readonly number[]): number {
  return -max(values.map((value) => -value));
}

function max(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), -Infinity);
}

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'ascii'), body]);
  const framed = Buffer.alloc(body.length + 12);
  framed.writeUInt32BE(body.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), body.length + 8);
  return framed;
}
