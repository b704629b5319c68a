/**
 * Smooth random texture attached to places: random numbers on a periodic lattice, joined smoothly (value noise). Used for what
 * tissue is made of, so that it travels with the tissue when it is deformed.
 */
import { createRandom } from '../../shared/random.ts';

const SIDE = 32;

/** A field of values in about [−1, 1] with features of `featureMm`, repeating after 32 of them. */
export function createValueNoise(
  seed: number,
  featureMm: number,
): (x: number, y: number, z: number) => number {
  const random = createRandom(seed);
  const lattice = Float64Array.from({ length: SIDE ** 3 }, () => 2 * random.uniform() - 1);
  const inverse = 1 / featureMm;
  return (x, y, z) => {
    const px = x * inverse;
    const py = y * inverse;
    const pz = z * inverse;
    const i = Math.floor(px);
    const j = Math.floor(py);
    const k = Math.floor(pz);
    const u = ease(px - i);
    const v = ease(py - j);
    const w = ease(pz - k);
    const i0 = i & 31;
    const i1 = (i + 1) & 31;
    const j0 = (j & 31) << 5;
    const j1 = ((j + 1) & 31) << 5;
    const k0 = (k & 31) << 10;
    const k1 = ((k + 1) & 31) << 10;
    const r00 = mix(lattice[i0 | j0 | k0] as number, lattice[i1 | j0 | k0] as number, u);
    const r10 = mix(lattice[i0 | j1 | k0] as number, lattice[i1 | j1 | k0] as number, u);
    const r01 = mix(lattice[i0 | j0 | k1] as number, lattice[i1 | j0 | k1] as number, u);
    const r11 = mix(lattice[i0 | j1 | k1] as number, lattice[i1 | j1 | k1] as number, u);
    return mix(mix(r00, r10, v), mix(r01, r11, v), w);
  };
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}
