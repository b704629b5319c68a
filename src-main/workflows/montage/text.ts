/** Text in a picture: strokes of even width, drawn smooth by each pixel's distance to the nearest stroke. */
import { blendPixel, type Canvas, type Rgb } from './canvas.ts';
import { glyphOf } from './glyphs.ts';

export interface TextStyle {
  /** Height of capitals, pixels. */
  readonly size: number;
  readonly colour: Rgb;
  readonly bold?: boolean;
  /** Black around the strokes, for text on an image. */
  readonly outlined?: boolean;
}

const capitalUnits = 7;
const gapUnits = 1.7;
const curveSteps = 6;

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/** Width of `text` in pixels. */
export function textWidth(text: string, size: number): number {
  const units = [...text].reduce((sum, character) => sum + glyphOf(character).width + gapUnits, -gapUnits);
  return Math.max(0, (units * size) / capitalUnits);
}

/** Draws one line of text; (`x`, `y`) is the top left corner of its first capital. Returns where the text ends. */
export function drawText(
  canvas: Canvas,
  text: string,
  x: number,
  y: number,
  { size, colour, bold = false, outlined = false }: TextStyle,
): number {
  const scale = size / capitalUnits;
  const radius = (size * (bold ? 0.17 : 0.115)) / 2;
  let left = x;
  for (const character of text) {
    const { width, path } = glyphOf(character);
    const segments = segmentsOf(path).map(([x0, y0, x1, y1]): Segment => [
      left + x0 * scale,
      y + y0 * scale,
      left + x1 * scale,
      y + y1 * scale,
    ]);
    if (outlined) drawStrokes(canvas, segments, radius + 1.6, [0, 0, 0]);
    drawStrokes(canvas, segments, radius, colour);
    left += (width + gapUnits) * scale;
  }
  return left - gapUnits * scale;
}

function drawStrokes(canvas: Canvas, segments: readonly Segment[], radius: number, colour: Rgb): void {
  if (segments.length === 0) return;
  const reach = radius + 1;
  const low = (a: number, b: number): number => Math.floor(Math.min(a, b) - reach);
  const high = (a: number, b: number): number => Math.ceil(Math.max(a, b) + reach);
  const left = Math.min(...segments.map(([x0, , x1]) => low(x0, x1)));
  const right = Math.max(...segments.map(([x0, , x1]) => high(x0, x1)));
  const top = Math.min(...segments.map(([, y0, , y1]) => low(y0, y1)));
  const bottom = Math.max(...segments.map(([, y0, , y1]) => high(y0, y1)));
  const width = right - left + 1;
  /** How much of each pixel the strokes cover: they are joined before they are mixed in, so that crossings do not show. */
  const cover = new Float32Array(width * (bottom - top + 1));
  for (const segment of segments) {
    const [x0, y0, x1, y1] = segment;
    for (let y = low(y0, y1); y <= high(y0, y1); y++) {
      for (let x = low(x0, x1); x <= high(x0, x1); x++) {
        const share = Math.min(1, radius - distance(x + 0.5, y + 0.5, segment) + 0.5);
        const at = (y - top) * width + x - left;
        if (share > (cover[at] as number)) cover[at] = share;
      }
    }
  }
  for (const [at, share] of cover.entries())
    if (share > 0) blendPixel(canvas, left + (at % width), top + Math.floor(at / width), colour, share);
}

function distance(x: number, y: number, [x0, y0, x1, y1]: Segment): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length2));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}

/** The path as straight segments. */
function segmentsOf(path: string): Segment[] {
  const segments: Segment[] = [];
  let [x, y] = [0, 0];
  const lineTo = (nextX: number, nextY: number): void => {
    segments.push([x, y, nextX, nextY]);
    [x, y] = [nextX, nextY];
  };
  for (const [, command = '', numbers = ''] of path.matchAll(/([MLQ])([^MLQ]+)/g)) {
    const [a = 0, b = 0, c = 0, d = 0] = numbers.trim().split(/\s+/).map(Number);
    if (command === 'M') [x, y] = [a, b];
    else if (command === 'L') lineTo(a, b);
    else {
      const [startX, startY] = [x, y];
      for (let step = 1; step <= curveSteps; step++) {
        const t = step / curveSteps;
        const [p, q, r] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
        lineTo(p * startX + q * a + r * c, p * startY + q * b + r * d);
      }
    }
  }
  return segments;
}
