/**
 * One picture of the exported film: MR, CT, sCT and weight of a slice at an epoch, with names, epoch and colour bar burnt in. The layout is
 * plain numbers, so that window and worker agree on the size before anything is drawn. Pictures are black in either theme.
 */
import { paintGrey, paintWeight, weightColour, weightShare, weightTicks } from './filmPaint.ts';

export interface SheetWords {
  /** MR, CT, sCT, weight. */
  readonly planes: readonly [string, string, string, string];
  /** With `{epoch}`. */
  readonly epoch: string;
  /** After the epoch where nothing was weighed by then. */
  readonly warmup: string;
  /** Lower right: slice, run; never a name unless the person asked for it. */
  readonly caption: string;
  /** Beside the tick at 1. */
  readonly average: string;
  /** Locale of the numbers. */
  readonly locale: string;
}

/** CSS colours. */
export interface SheetColours {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly mr: string;
  readonly ct: string;
  readonly sct: string;
}

export interface SheetInput {
  readonly size: readonly [width: number, height: number];
  readonly spacingMm: readonly [number, number];
  readonly hasWeights: boolean;
  readonly warmupEpochs: number;
  /** Picture px a mm. */
  readonly pxPerMm: number;
  readonly mrRange: readonly [number, number];
  readonly huRange: readonly [number, number];
  readonly words: SheetWords;
  readonly colours: SheetColours;
}

export interface SheetFrame {
  readonly epoch: number;
  readonly mr: Float32Array;
  readonly ct: Float32Array;
  readonly sct: Float32Array;
  readonly weight: Float32Array;
}

export interface SheetLayout {
  readonly width: number;
  readonly height: number;
  /** Size of every plane. */
  readonly plane: readonly [number, number];
  /** Left ends of the planes. */
  readonly lefts: readonly number[];
  readonly top: number;
  readonly font: number;
  readonly bar: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  } | null;
}

/** Where everything is, in whole px. Both sizes are even, as video programs want them. */
export function sheetLayout({ size, spacingMm, hasWeights, pxPerMm }: SheetInput): SheetLayout {
  const plane = [0, 1].map((axis) =>
    Math.max(8, Math.round((size[axis] ?? 1) * (spacingMm[axis] ?? 1) * pxPerMm)),
  );
  const [width = 8, height = 8] = plane;
  const font = Math.max(11, Math.round(width / 22));
  const gap = Math.round(font / 2);
  const count = hasWeights ? 4 : 3;
  const top = 2 * font + gap;
  const lefts = Array.from({ length: count }, (_, at) => gap + at * (width + gap));
  const ends = gap + count * (width + gap);
  const barWidth = hasWeights ? Math.round(font * 0.9) : 0;
  const whole = ends + (hasWeights ? barWidth + 6 * font : 0);
  return {
    width: even(whole),
    height: even(top + height + 3 * font),
    plane: [width, height],
    lefts,
    top,
    font,
    bar: hasWeights ? { left: ends, top, width: barWidth, height } : null,
  };
}

const even = (value: number): number => 2 * Math.ceil(value / 2);

/** Draws one epoch. */
export function drawSheet(
  context: OffscreenCanvasRenderingContext2D,
  input: SheetInput,
  frame: SheetFrame,
): void {
  const layout = sheetLayout(input);
  const { colours, words } = input;
  context.fillStyle = colours.background;
  context.fillRect(0, 0, layout.width, layout.height);
  const images = [
    paintGrey(frame.mr, input.mrRange),
    paintGrey(frame.ct, input.huRange),
    paintGrey(frame.sct, input.huRange),
    paintWeight(frame.weight),
  ];
  const names = [colours.mr, colours.ct, colours.sct, colours.text];
  context.textBaseline = 'middle';
  context.imageSmoothingQuality = 'high';
  for (const [at, left] of layout.lefts.entries()) {
    const pixels = images[at];
    if (pixels) context.drawImage(pictureOf(pixels, input.size), left, layout.top, ...layout.plane);
    context.fillStyle = names[at] ?? colours.text;
    context.font = `600 ${String(layout.font)}px system-ui, sans-serif`;
    context.fillText(words.planes[at] ?? '', left, layout.top - layout.font);
  }
  if (layout.bar) drawBar(context, input, layout, layout.bar);
  const below = layout.top + layout.plane[1] + 1.5 * layout.font;
  context.font = `600 ${String(layout.font)}px system-ui, sans-serif`;
  context.fillStyle = colours.text;
  context.fillText(epochText(input, frame.epoch), layout.lefts[0] ?? 0, below);
  context.font = `${String(layout.font)}px system-ui, sans-serif`;
  context.fillStyle = colours.muted;
  context.textAlign = 'right';
  context.fillText(words.caption, layout.width - layout.font, below);
  context.textAlign = 'left';
}

/** What stands below the picture of an epoch. */
export function epochText(
  { hasWeights, warmupEpochs, words }: Pick<SheetInput, 'hasWeights' | 'warmupEpochs' | 'words'>,
  epoch: number,
): string {
  const text = words.epoch.replace('{epoch}', String(epoch));
  return hasWeights && epoch > 0 && epoch <= warmupEpochs ? `${text} · ${words.warmup}` : text;
}

function pictureOf(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  [width, height]: readonly [number, number],
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}

function drawBar(
  context: OffscreenCanvasRenderingContext2D,
  { words, colours }: SheetInput,
  { font }: SheetLayout,
  bar: NonNullable<SheetLayout['bar']>,
): void {
  for (let y = 0; y < bar.height; y++) {
    const [red, green, blue] = weightColour(1 - y / (bar.height - 1));
    context.fillStyle = `rgb(${String(red)} ${String(green)} ${String(blue)})`;
    context.fillRect(bar.left, bar.top + y, bar.width, 1);
  }
  const number = new Intl.NumberFormat(words.locale);
  context.font = `${String(Math.round(font * 0.85))}px system-ui, sans-serif`;
  for (const tick of weightTicks) {
    const y = bar.top + (1 - weightShare(tick)) * (bar.height - 1);
    context.fillStyle = tick === 1 ? colours.text : colours.muted;
    context.fillRect(bar.left + bar.width, y, font / 3, 1);
    const text = tick === 1 ? `1 ${words.average}` : number.format(tick);
    context.fillText(text, bar.left + bar.width + font / 2, Math.min(bar.top + bar.height - font / 2, y));
  }
}
