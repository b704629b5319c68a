import type { PhantomCut } from '../../imaging/phantom/phantomCut.ts';

/** What the grid of a cohort leaves out, a line each: bodies cut off at the sides, and slices (of `slices`) beyond the scan. */
export function cutWarnings(cuts: readonly PhantomCut[], slices: number): string[] {
  const of = (isCut: (cut: PhantomCut) => boolean): string =>
    `${cuts.filter(isCut).length} of ${cuts.length}`;
  const sides = [
    ...(cuts.some(({ x }) => x) ? ['left or right'] : []),
    ...(cuts.some(({ y }) => y) ? ['front or back'] : []),
  ];
  const beyond = Math.max(0, ...cuts.map((cut) => cut.slices));
  return [
    ...(sides.length > 0
      ? [
          `The body is cut off at the ${sides.join(' and at the ')} of the image in ${of(({ x, y }) => x || y)} phantoms; a larger size holds it.`,
        ]
      : []),
    ...(beyond > 0
      ? [
          `The images of ${of((cut) => cut.slices > 0)} phantoms reach beyond the CT along the axis: in up to ${beyond} of ${slices} slices the body is missing there; fewer slices stay within it.`,
        ]
      : []),
  ];
}
