/**
 * The montage: sections of equally large images, one row per kind of image and one column per slice, with a tag before and a legend behind
 * each row. Geometry first (`montageLayout`), then pixels.
 */
import { createCanvas, fillRectangle, type Canvas, type Rectangle, type Rgb } from './canvas.ts';
import type { ColourMap } from './colourMaps.ts';
import { paintTile } from './paintTile.ts';
import { drawText, textWidth, type TextStyle } from './text.ts';
import type { Tile } from './tile.ts';

export interface Legend {
  readonly map: ColourMap;
  /** At the map's end, its beginning and, where given, its middle. */
  readonly high: string;
  readonly low: string;
  readonly middle?: string;
}

export interface MontageRow {
  readonly tag: string;
  readonly colour: Rgb;
  /** Small lines below the tag. */
  readonly notes: readonly string[];
  readonly tiles: readonly Tile[];
  readonly legend?: Legend;
}

export interface MontageSection {
  readonly title: string;
  readonly notes: readonly string[];
  readonly columns: readonly string[];
  /** Size of every image in its own pixels. */
  readonly imageSize: readonly [width: number, height: number];
  /** Size of a pixel, mm: for the scale bar and the aspect ratio. */
  readonly pixelMm: readonly [number, number];
  readonly rows: readonly MontageRow[];
}

export interface Montage {
  readonly title: string;
  readonly notes: readonly string[];
  readonly sections: readonly MontageSection[];
  /** At the bottom. */
  readonly footer: string;
}

const margin = 36;
const gap = 6;
const tileWidth = 352;
const tagWidth = 176;
const legendWidth = 112;
const lineHeight = 26;
const sectionGap = 40;

const background: Rgb = [15, 19, 24];
const black: Rgb = [0, 0, 0];
const bright: Rgb = [232, 237, 242];
const muted: Rgb = [150, 162, 174];
const titleStyle: TextStyle = { size: 22, colour: bright, bold: true };
const sectionStyle: TextStyle = { size: 17, colour: bright, bold: true };
const noteStyle: TextStyle = { size: 13, colour: muted };

interface SectionLayout {
  readonly titleY: number;
  readonly columnsY: number;
  /** Corner of every tile, by row and column. */
  readonly tiles: readonly (readonly Rectangle[])[];
}

export interface MontageLayout {
  readonly width: number;
  readonly height: number;
  readonly sections: readonly SectionLayout[];
  readonly footerY: number;
}

/** Where everything goes: tiles of one width, heights by each section's aspect ratio in millimetres. */
export function montageLayout({ notes, sections }: Pick<Montage, 'notes' | 'sections'>): MontageLayout {
  const columns = Math.max(1, ...sections.map((section) => section.columns.length));
  const width = 2 * margin + tagWidth + columns * (tileWidth + gap) + legendWidth;
  let y = margin + 40 + notes.length * lineHeight + 22;
  const places = sections.map(
    ({ notes: lines, columns: titles, imageSize, pixelMm, rows }): SectionLayout => {
      const titleY = y;
      const columnsY = titleY + 32 + lines.length * lineHeight + 6;
      const tileHeight = Math.round((tileWidth * imageSize[1] * pixelMm[1]) / (imageSize[0] * pixelMm[0]));
      const first = columnsY + 26;
      const tiles = rows.map((_, row) =>
        titles.map((_title, column) => ({
          x: margin + tagWidth + column * (tileWidth + gap),
          y: first + row * (tileHeight + gap),
          width: tileWidth,
          height: tileHeight,
        })),
      );
      y = first + rows.length * (tileHeight + gap) + sectionGap;
      return { titleY, columnsY, tiles };
    },
  );
  const footerY = y - sectionGap + 24;
  return { width, height: footerY + 13 + margin, sections: places, footerY };
}

/** Draws the montage. */
export function drawMontage(montage: Montage): Canvas {
  const layout = montageLayout(montage);
  const canvas = createCanvas(layout.width, layout.height, background);
  drawText(canvas, montage.title, margin, margin, titleStyle);
  for (const [line, note] of montage.notes.entries())
    drawText(canvas, note, margin, margin + 42 + line * lineHeight, { ...noteStyle, size: 15 });
  for (const [at, section] of montage.sections.entries()) {
    const place = layout.sections[at];
    if (place) drawSection(canvas, section, place);
  }
  drawText(canvas, montage.footer, margin, layout.footerY, noteStyle);
  return canvas;
}

function drawSection(canvas: Canvas, section: MontageSection, place: SectionLayout): void {
  drawText(canvas, section.title, margin, place.titleY, sectionStyle);
  for (const [line, note] of section.notes.entries())
    drawText(canvas, note, margin, place.titleY + 32 + line * lineHeight, noteStyle);
  for (const [column, title] of section.columns.entries()) {
    const tile = place.tiles[0]?.[column];
    if (tile) drawText(canvas, title, tile.x + 2, place.columnsY, noteStyle);
  }
  for (const [at, row] of section.rows.entries()) {
    const tiles = place.tiles[at] ?? [];
    for (const [column, tile] of row.tiles.entries()) {
      const rectangle = tiles[column];
      if (rectangle) paintTile(canvas, tile, rectangle, section.imageSize);
    }
    const [first] = tiles;
    const last = tiles.at(-1);
    if (!first || !last) continue;
    drawText(canvas, row.tag, margin, first.y + 10, { size: 19, colour: row.colour, bold: true });
    for (const [line, note] of row.notes.entries())
      drawText(canvas, note, margin, first.y + 44 + line * 24, noteStyle);
    if (row.legend) drawLegend(canvas, row.legend, last);
    if (at === 0) drawOrientation(canvas, first, section);
  }
}

function drawLegend(canvas: Canvas, { map, high, low, middle }: Legend, beside: Rectangle): void {
  const x = beside.x + beside.width + 14;
  const height = Math.min(beside.height - 24, 150);
  const y = beside.y + Math.round((beside.height - height) / 2);
  fillRectangle(canvas, { x: x - 1, y: y - 1, width: 16, height: height + 2 }, muted);
  for (let row = 0; row < height; row++)
    fillRectangle(canvas, { x, y: y + row, width: 14, height: 1 }, map(1 - (row + 0.5) / height));
  const write = (text: string, at: number): void => {
    drawText(canvas, text, x + 22, at, { ...noteStyle, size: 12 });
  };
  write(high, y - 1);
  write(low, y + height - 12);
  if (middle !== undefined) write(middle, y + Math.round(height / 2) - 6);
}

/** Letters at the sides (radiological: the patient's right is on the left) and a bar of 5 cm. */
function drawOrientation(canvas: Canvas, tile: Rectangle, { imageSize, pixelMm }: MontageSection): void {
  const style: TextStyle = { size: 13, colour: bright, outlined: true };
  const middle = tile.y + Math.round(tile.height / 2) - 6;
  drawText(canvas, 'R', tile.x + 6, middle, style);
  drawText(canvas, 'L', tile.x + tile.width - 6 - textWidth('L', 13), middle, style);
  drawText(canvas, 'A', tile.x + tile.width / 2 - textWidth('A', 13) / 2, tile.y + 5, style);
  const bar = Math.round((50 / (imageSize[0] * pixelMm[0])) * tile.width);
  const [x, y] = [tile.x + tile.width - bar - 8, tile.y + tile.height - 10];
  fillRectangle(canvas, { x: x - 1, y: y - 1, width: bar + 2, height: 4 }, black);
  fillRectangle(canvas, { x, y, width: bar, height: 2 }, bright);
  drawText(canvas, '5 cm', x + bar / 2 - textWidth('5 cm', 11) / 2, y - 17, { ...style, size: 11 });
}
