import { applyAffine, type Affine, type Vector3 } from '../../shared/affine.ts';
import type { Grid } from '../../shared/volume.ts';

/** The planning grid of SynthRAD2023 (METHOD 5.4), mm: what sCTs of oblique MRs are resampled to for systems that want axial slices. */
export const planningSpacingMm: Vector3 = [1, 1, 2.5];

/** The smallest grid along the patient's axes (x, y, z of LPS) that covers all voxels of `grid`, centred on them; origin to a micrometre. */
export function axialGridAbout({ size, indexToLps }: Grid, spacingMm: Vector3 = planningSpacingMm): Grid {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
    applyAffine(
      indexToLps,
      size.map((count, axis) => ((corner >> axis) & 1 ? count - 0.5 : -0.5)) as unknown as Vector3,
    ),
  );
  const along = ([0, 1, 2] as const).map((axis) => {
    const places = corners.map((corner) => corner[axis]);
    const [low, high, step] = [Math.min(...places), Math.max(...places), spacingMm[axis]];
    const count = Math.max(1, Math.ceil((high - low) / step - 1e-6));
    const first = (low + high - (count - 1) * step) / 2;
    return { count, first: Math.round(first * 1000) / 1000 };
  }) as unknown as readonly [Span, Span, Span];
  const [x, y, z] = along;
  const [sx, sy, sz] = spacingMm;
  const affine: Affine = [sx, 0, 0, x.first, 0, sy, 0, y.first, 0, 0, sz, z.first];
  return { size: [x.count, y.count, z.count], indexToLps: affine };
}

interface Span {
  readonly count: number;
  readonly first: number;
}
