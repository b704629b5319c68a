/**
 * Fills holes slice by slice: background of a slice that does not reach its border over 4-neighbours becomes mask. (A body is
 * open at the first and last slice, so a hole in 3-D would hardly ever be closed.)
 */
import type { Vector3 } from '../../shared/affine.ts';

/** A copy of `mask` (0 and 1) without holes in its slices of constant k. */
export function fillHoles(mask: ArrayLike<number>, [nx, ny, nz]: Vector3): Uint8Array {
  const plane = nx * ny;
  const out = new Uint8Array(plane * nz).fill(1);
  const stack = new Int32Array(plane);
  for (let k = 0; k < nz; k++) {
    const base = plane * k;
    let depth = 0;
    const visit = (at: number): void => {
      if (mask[base + at] || out[base + at] === 0) return;
      out[base + at] = 0;
      stack[depth++] = at;
    };
    for (let i = 0; i < nx; i++) {
      visit(i);
      visit(i + nx * (ny - 1));
    }
    for (let j = 0; j < ny; j++) {
      visit(nx * j);
      visit(nx * j + nx - 1);
    }
    while (depth > 0) {
      const at = stack[--depth] as number;
      const i = at % nx;
      if (i > 0) visit(at - 1);
      if (i < nx - 1) visit(at + 1);
      if (at >= nx) visit(at - nx);
      if (at < plane - nx) visit(at + nx);
    }
  }
  return out;
}
