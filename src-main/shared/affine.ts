/**
 * Affine maps between voxel indices and patient space.
 *
 * Conventions: patient space is DICOM's LPS (+x to the patient's left, +y to posterior, +z to superior), in millimetres.
 * An affine is a 3×4 matrix in row-major order: `[m00 m01 m02 tx, m10 m11 m12 ty, m20 m21 m22 tz]`; index (0,0,0) is the
 * centre of the first voxel. Source of the convention: DICOM PS3.3 C.7.6.2.1.1.
 */
export type Vector3 = readonly [number, number, number];
/** Row-major 3×4 matrix. */
export type Affine = readonly [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
]; // prettier-ignore

/** Applies `affine` to a point; the result has the affine's output unit (mm for index → LPS). */
export function applyAffine(affine: Affine, [x, y, z]: Vector3): Vector3 {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = affine;
  return [a * x + b * y + c * z + tx, d * x + e * y + f * z + ty, g * x + h * y + i * z + tz];
}

/** The affine that first applies `second`, then `first`. */
export function composeAffine(first: Affine, second: Affine): Affine {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = first;
  const [p, q, r, u, s, t, v, w, j, k, l, m] = second;
  return [
    a * p + b * s + c * j, a * q + b * t + c * k, a * r + b * v + c * l, a * u + b * w + c * m + tx,
    d * p + e * s + f * j, d * q + e * t + f * k, d * r + e * v + f * l, d * u + e * w + f * m + ty,
    g * p + h * s + i * j, g * q + h * t + i * k, g * r + h * v + i * l, g * u + h * w + i * m + tz,
  ]; // prettier-ignore
}

/** Determinant of the 3×3 part. */
export function affineDeterminant([a, b, c, , d, e, f, , g, h, i]: Affine): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** The inverse map. Throws a RangeError when the matrix is singular. */
export function invertAffine(affine: Affine): Affine {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = affine;
  const determinant = affineDeterminant(affine);
  if (!Number.isFinite(1 / determinant)) throw new RangeError('The affine matrix is singular.');
  const s = 1 / determinant;
  const r0 = [(e * i - f * h) * s, (c * h - b * i) * s, (b * f - c * e) * s] as const;
  const r1 = [(f * g - d * i) * s, (a * i - c * g) * s, (c * d - a * f) * s] as const;
  const r2 = [(d * h - e * g) * s, (b * g - a * h) * s, (a * e - b * d) * s] as const;
  const back = (r: readonly [number, number, number]): number => -(r[0] * tx + r[1] * ty + r[2] * tz);
  return [...r0, back(r0), ...r1, back(r1), ...r2, back(r2)];
}

/** Column lengths of the 3×3 part: the spacing in mm along i, j, k for an index → LPS affine. */
export function affineSpacing([a, b, c, , d, e, f, , g, h, i]: Affine): Vector3 {
  return [Math.hypot(a, d, g), Math.hypot(b, e, h), Math.hypot(c, f, i)];
}

/** Builds index → LPS from origin (mm), spacing (mm) and unit direction vectors of the i, j and k axes. */
export function affineFromAxes(origin: Vector3, spacing: Vector3, axes: readonly [Vector3, Vector3, Vector3]): Affine {
  const [i, j, k] = axes;
  const [si, sj, sk] = spacing;
  return [
    i[0] * si, j[0] * sj, k[0] * sk, origin[0],
    i[1] * si, j[1] * sj, k[1] * sk, origin[1],
    i[2] * si, j[2] * sj, k[2] * sk, origin[2],
  ]; // prettier-ignore
}

/** Unit direction vectors of the i, j and k axes. */
export function affineAxes(affine: Affine): readonly [Vector3, Vector3, Vector3] {
  const [a, b, c, , d, e, f, , g, h, i] = affine;
  const [si, sj, sk] = affineSpacing(affine);
  return [
    [a / si, d / si, g / si],
    [b / sj, e / sj, h / sj],
    [c / sk, f / sk, i / sk],
  ];
}

/** The columns of the 3×3 part: one step along i, j and k in mm for an index → LPS affine. */
export function affineSteps([a, b, c, , d, e, f, , g, h, i]: Affine): readonly [Vector3, Vector3, Vector3] {
  return [
    [a, d, g],
    [b, e, h],
    [c, f, i],
  ];
}
