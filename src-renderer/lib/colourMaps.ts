/** Colour maps of slices and of the bars beside them: colours evenly spaced over the window, mixed linearly; the same as in the montage. */
type Rgb = readonly [red: number, green: number, blue: number];

export const colourMaps = {
  grey: [
    [0, 0, 0],
    [255, 255, 255],
  ],
  /** Amounts: lightness rises evenly from near black over violet, blue and green to light yellow. */
  sequential: [
    [10, 8, 24],
    [48, 26, 96],
    [46, 70, 142],
    [34, 116, 142],
    [46, 160, 122],
    [142, 196, 78],
    [250, 228, 120],
  ],
  /** Signed differences: dark in the middle, so that agreement recedes; blue below, orange above. */
  diverging: [
    [150, 214, 255],
    [50, 128, 216],
    [20, 54, 104],
    [16, 18, 22],
    [108, 48, 16],
    [222, 110, 34],
    [255, 206, 130],
  ],
  /** A label: one colour. */
  label: [
    [95, 211, 184],
    [95, 211, 184],
  ],
} as const satisfies Readonly<Record<string, readonly Rgb[]>>;

export type ColourMapName = keyof typeof colourMaps;

/** The map as a CSS gradient in the given direction, lowest value first. */
export function cssGradient(name: ColourMapName, towards: 'right' | 'top'): string {
  return `linear-gradient(to ${towards}, ${colourMaps[name].map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;
}
