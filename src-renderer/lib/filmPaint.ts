/** Values of a plane → RGBA pixels. Greys go through a window; weights through a map in whose middle the average pixel lies. */

type Pixels = Uint8ClampedArray<ArrayBuffer>;
type Rgb = readonly [number, number, number];

/** From black over violet, blue and green to light yellow, lightness rising evenly: readable without colour vision too. */
const weightStops: readonly Rgb[] = [
  [10, 8, 24],
  [48, 26, 96],
  [46, 70, 142],
  [34, 116, 142],
  [46, 160, 122],
  [142, 196, 78],
  [250, 228, 120],
];

/** Weights the colour bar names. */
export const weightTicks = [0, 0.25, 0.5, 1, 2, 4] as const;

/** Where weight `w` lies on the colour bar: w ⁄ (1 + w), so that 1 is the middle and no weight is too large to be shown. */
export function weightShare(weight: number): number {
  return weight <= 0 ? 0 : weight / (1 + weight);
}

const weightTable = Array.from({ length: 256 }, (_, at) => between(weightStops, at / 255));

/** The bar's colour at `share` 0…1. */
export function weightColour(share: number): Rgb {
  return weightTable[Math.round(Math.min(1, Math.max(0, share)) * 255)] ?? [0, 0, 0];
}

/** Grey between `low` (black) and `high` (white), same unit as the values. */
export function paintGrey(values: Float32Array, [low, high]: readonly [number, number]): Pixels {
  const scale = 255 / Math.max(1e-6, high - low);
  return paint(values, (value) => {
    const grey = (value - low) * scale;
    return [grey, grey, grey];
  });
}

/** Colours of weights; pixels without one (NaN) stay transparent. */
export function paintWeight(values: Float32Array): Pixels {
  return paint(values, (value) => weightColour(weightShare(value)));
}

function paint(values: Float32Array, colour: (value: number) => Rgb): Pixels {
  const pixels = new Uint8ClampedArray(values.length * 4);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN;
    if (Number.isNaN(value)) continue;
    const [red, green, blue] = colour(value);
    pixels[at * 4] = red;
    pixels[at * 4 + 1] = green;
    pixels[at * 4 + 2] = blue;
    pixels[at * 4 + 3] = 255;
  }
  return pixels;
}

function between(stops: readonly Rgb[], share: number): Rgb {
  const place = share * (stops.length - 1);
  const at = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[at] ?? [0, 0, 0], stops[at + 1] ?? [0, 0, 0]];
  const part = place - at;
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ];
}
