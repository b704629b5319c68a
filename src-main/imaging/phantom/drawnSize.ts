/** Columns and rows, and slices, that hold every drawn patient at 2 mm and 5 mm. */
export const drawnSize: { readonly sizePx: readonly [number, number]; readonly slices: number } = {
  sizePx: [192, 128],
  slices: 24,
};
