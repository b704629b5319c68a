/** A ball of 1000 HU in 0 HU with a linear edge, on a grid of any orientation and spacing. */
import type { Vector3 } from '../../../src-renderer/lib/geometry.ts';
import type { MeshVolume } from '../../../src-renderer/lib/meshTypes.ts';

export interface Ball {
  readonly centre: Vector3;
  readonly radiusMm: number;
}

/** 500 HU lies exactly on each ball's surface; the value falls by 200 HU per mm. */
export function balls(size: Vector3, indexToLps: readonly number[], all: readonly Ball[]): MeshVolume {
  const data = new Float32Array(size[0] * size[1] * size[2]);
  const m = indexToLps as number[];
  let at = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const p = [0, 4, 8].map((r) => m[r]! * i + m[r + 1]! * j + m[r + 2]! * k + m[r + 3]!);
        const depth = Math.max(
          ...all.map(
            ({ centre, radiusMm }) =>
              radiusMm - Math.hypot(p[0]! - centre[0], p[1]! - centre[1], p[2]! - centre[2]),
          ),
        );
        data[at] = Math.min(1000, Math.max(0, 500 + 200 * depth));
      }
    }
  }
  return { size, indexToLps, data };
}

/** Steps of 1, 1.2 and 2.5 mm along axes turned by 30° about z and 20° about x. */
export function obliqueAffine(origin: Vector3): number[] {
  const [cz, sz, cx, sx] = [Math.cos(0.52), Math.sin(0.52), Math.cos(0.35), Math.sin(0.35)];
  const axes = [
    [cz, sz * cx, sz * sx],
    [-sz, cz * cx, cz * sx],
    [0, -sx, cx],
  ] as const;
  const steps = [1, 1.2, 2.5];
  return [0, 1, 2].flatMap((r) => [...axes.map((axis, a) => axis[r]! * steps[a]!), origin[r]!]);
}
