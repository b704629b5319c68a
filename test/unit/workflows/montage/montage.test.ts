import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { createCanvas, fillRectangle, type Canvas } from '../../../../src-main/workflows/montage/canvas.ts';
import { diverging, grey, sequential } from '../../../../src-main/workflows/montage/colourMaps.ts';
import {
  drawMontage,
  montageLayout,
  type MontageSection,
} from '../../../../src-main/workflows/montage/drawMontage.ts';
import { encodePng } from '../../../../src-main/workflows/montage/encodePng.ts';
import { canWrite, glyphOf } from '../../../../src-main/workflows/montage/glyphs.ts';
import { drawText, textWidth } from '../../../../src-main/workflows/montage/text.ts';
import { mappedTile, overlaidTile, sample } from '../../../../src-main/workflows/montage/tile.ts';

const white = [255, 255, 255] as const;
const pixel = ({ width, data }: Canvas, x: number, y: number): number[] => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];
/** Pixels brighter than black, as [x, y]. */
const lit = (canvas: Canvas): [number, number][] =>
  Array.from({ length: canvas.width * canvas.height }, (_, at): [number, number] => [
    at % canvas.width,
    Math.floor(at / canvas.width),
  ]).filter(([x, y]) => pixel(canvas, x, y)[0]! > 40);

describe('stroke font', () => {
  const characters = ' ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;-–−+=><|()/%·…→×’_';

  it('has every character the montage writes, each with a path inside its box', () => {
    expect(canWrite(characters)).toBe(true);
    expect(canWrite('☃')).toBe(false);
    for (const character of characters) {
      const { width, path } = glyphOf(character);
      const numbers = [...path.matchAll(/-?[\d.]+/g)].map(Number);
      const xs = numbers.filter((_, at) => at % 2 === 0);
      const ys = numbers.filter((_, at) => at % 2 === 1);
      expect(xs.length).toBe(ys.length);
      expect(Math.max(0, ...xs), character).toBeLessThanOrEqual(width + 0.01);
      expect(Math.min(0, ...ys), character).toBeGreaterThanOrEqual(-1);
      expect(Math.max(0, ...ys), character).toBeLessThanOrEqual(9);
    }
  });

  it('draws no two letters or figures alike', () => {
    const pictures = Array.from(characters.replace(' ', ''), (character) => {
      const canvas = createCanvas(30, 30, [0, 0, 0]);
      drawText(canvas, character, 4, 5, { size: 14, colour: white });
      expect(lit(canvas).length, character).toBeGreaterThan(3);
      return Buffer.from(canvas.data).toString('base64');
    });
    // Capital I and small l are one stroke each, as in many fonts without serifs.
    expect(new Set(pictures).size).toBe(pictures.length - 1);
  });

  it('keeps text within its width and capitals within their height', () => {
    const canvas = createCanvas(300, 40, [0, 0, 0]);
    const end = drawText(canvas, 'MAE 41.2 HU', 10, 10, { size: 14, colour: white });
    expect(end).toBeCloseTo(10 + textWidth('MAE 41.2 HU', 14), 6);
    const xs = lit(canvas).map(([x]) => x);
    const ys = lit(canvas).map(([, y]) => y);
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([
      expect.closeTo(10, -0.5),
      expect.closeTo(Math.round(end), -0.5),
    ]);
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(9);
    expect(Math.max(...ys)).toBeLessThanOrEqual(25);
  });

  it('writes figures of one width', () => {
    expect(new Set(Array.from('0123456789', (figure) => textWidth(figure, 14))).size).toBe(1);
  });

  it('does not write beyond the picture', () => {
    const canvas = createCanvas(8, 8, [0, 0, 0]);
    drawText(canvas, 'WWW', -6, -6, { size: 14, colour: white, outlined: true });
    fillRectangle(canvas, { x: 6, y: 6, width: 9, height: 9 }, white);
    expect(canvas.data).toHaveLength(8 * 8 * 3);
    expect(pixel(canvas, 7, 7)).toEqual([255, 255, 255]);
  });
});

describe('colour maps', () => {
  /** CIE lightness of an sRGB colour. */
  const lightness = (colour: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (y * 24389) / 27;
  };
  const steps = Array.from({ length: 21 }, (_, at) => at / 20);

  it('rise in lightness without a break where they show amounts', () => {
    for (const map of [grey, sequential]) {
      const values = steps.map((share) => lightness(map(share)));
      const rises = values.slice(1).map((value, at) => value - values[at]!);
      expect(Math.min(...rises)).toBeGreaterThan(1);
      expect(Math.max(...rises)).toBeLessThan(9);
    }
  });

  it('are darkest in the middle where they show signed differences, and tell the signs apart', () => {
    const values = steps.map((share) => lightness(diverging(share)));
    expect(Math.min(...values)).toBe(values[10]);
    for (let at = 0; at < 10; at++) {
      expect(values[at]).toBeGreaterThan(values[at + 1]!);
      expect(values[20 - at]).toBeGreaterThan(values[19 - at]!);
      const [low, high] = [diverging(at / 20), diverging(1 - at / 20)];
      expect(low[2] - low[0]).toBeGreaterThan(10);
      expect(high[0] - high[2]).toBeGreaterThan(10);
    }
  });

  it('clip what lies beyond', () => {
    expect(sequential(-3)).toEqual(sequential(0));
    expect(diverging(7)).toEqual(diverging(1));
  });
});

describe('tiles', () => {
  const image = { width: 3, height: 2, data: [0, 10, 20, 100, 110, 120] };

  it('show pixel centres as they are, mix between and hold beyond', () => {
    expect(sample(image, 2, 1)).toBe(120);
    expect(sample(image, 0.5, 0.5)).toBe(55);
    expect(sample(image, -5, 0)).toBe(0);
    expect(sample(image, 9, 9)).toBe(120);
    expect(sample({ width: 1, height: 1, data: [7] }, 0.3, -0.4)).toBe(7);
  });

  it('window values and lay a colour over them', () => {
    const tile = mappedTile(image, [0, 20], grey);
    expect(tile(1, 0)).toEqual([127.5, 127.5, 127.5]);
    const half = overlaidTile(tile, { width: 1, height: 1, data: [0.5] }, [255, 0, 0]);
    expect(half(0, 0)).toEqual([127.5, 0, 0]);
  });
});

describe('montage', () => {
  const section = (rows: number, columns: number, imageSize: [number, number]): MontageSection => ({
    title: 'Section',
    notes: ['A note'],
    columns: Array.from({ length: columns }, (_, at) => `Slice ${at}`),
    imageSize,
    pixelMm: [2, 2],
    rows: Array.from({ length: rows }, (_, row) => ({
      tag: 'CT',
      colour: [245, 180, 84] as const,
      notes: [],
      tiles: Array.from({ length: columns }, () =>
        mappedTile({ width: 2, height: 1, data: [0, row] }, [0, 1], grey),
      ),
      legend: { map: grey, high: '1', low: '0' },
    })),
  });
  const sections = [section(2, 3, [80, 40]), section(1, 2, [50, 50])];
  const montage = { title: 'Title', notes: ['Figures'], sections, footer: 'Footer' };

  it('gives every image a place of its own, in the picture, in the aspect ratio of the patient', () => {
    const { width, height, sections: places, footerY } = montageLayout(montage);
    const tiles = places.flatMap((place) => place.tiles.flat());
    expect(tiles).toHaveLength(2 * 3 + 2);
    for (const [at, a] of tiles.entries()) {
      expect(a.x + a.width).toBeLessThan(width);
      expect(a.y + a.height).toBeLessThan(footerY);
      for (const b of tiles.slice(at + 1))
        expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y).toBe(true);
    }
    expect(tiles[0]!.width / tiles[0]!.height).toBeCloseTo(2, 1);
    expect(tiles.at(-1)!.width / tiles.at(-1)!.height).toBeCloseTo(1, 1);
    expect(footerY).toBeLessThan(height);
    const anisotropic = { ...sections[1]!, pixelMm: [1, 2] as const };
    const [place] = montageLayout({ notes: [], sections: [anisotropic] }).sections;
    expect(place!.tiles[0]![0]!.height).toBe(2 * place!.tiles[0]![0]!.width);
  });

  it('draws left where the image is left, and becomes a PNG that others read', () => {
    const canvas = drawMontage(montage);
    const { sections: places } = montageLayout(montage);
    const tile = places[0]!.tiles[1]![1]!;
    const y = tile.y + Math.floor(tile.height / 2);
    expect(pixel(canvas, tile.x, y)).toEqual([0, 0, 0]);
    expect(pixel(canvas, tile.x + tile.width - 3, y)).toEqual([255, 255, 255]);
    const png = PNG.sync.read(Buffer.from(encodePng(canvas)));
    expect([png.width, png.height]).toEqual([canvas.width, canvas.height]);
    const at = 4 * (y * png.width + tile.x + tile.width - 3);
    expect([...png.data.subarray(at, at + 4)]).toEqual([255, 255, 255, 255]);
  });
});
