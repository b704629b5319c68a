/**
 * The misalignment between a phantom's MR and CT: a displacement field in mm, defined at points of the MR.
 *
 * `ct(x) = anatomy(x + d(x))`: the CT value at x was taken from the anatomy at x + d. The field adds what differs between two
 * visits (bladder and rectum filling, the abdominal wall, thighs turned a little, flattened buttocks), a slow random part, and the small
 * remainder of a rigid registration (translation up to half the peak, turn up to 1.5°). It is smooth: every local part is
 * a Gaussian of 20 mm or wider.
 */
import type { Vector3 } from '../../shared/affine.ts';
import { createRandom } from '../../shared/random.ts';
import type { DeformationPlace } from './phantomSubject.ts';

/** Writes the displacement in mm at LPS (x, y, z) into `out`. */
export type Displacement = (x: number, y: number, z: number, out: [number, number, number]) => void;

interface Bump {
  readonly centre: Vector3;
  /** Gaussian width along x, y, z. */
  readonly sigma: Vector3;
  readonly shift: Vector3;
  /** Radial expansion and turn about z, per mm from the centre. */
  readonly expansion: number;
  readonly turn: number;
}

/**
 * The unscaled field of a case. Local parts are about one unit at their strongest; the rigid remainder is at most 0.35 units of
 * translation and `turnLimit` radians per unit. The caller scales it to the wanted peak.
 */
export function drawDeformation(seed: number, patient: DeformationPlace, turnLimit: number): Displacement {
  const random = createRandom(seed);
  const sign = (): number => (random.uniform() < 0.5 ? -1 : 1);
  const strength = (low: number, high: number): number => sign() * (low + (high - low) * random.uniform());
  const [ox, oy, oz] = patient.centre;
  const at = (x: number, y: number, z: number): Vector3 => [
    ox + x * patient.scale[0],
    oy + y * patient.scale[1],
    oz + z * patient.scale[2],
  ];
  const { bladder } = patient;
  const bump = (centre: Vector3, sigma: Vector3, shift: Vector3, expansion = 0, turn = 0): Bump => ({
    centre, sigma, shift, expansion, turn,
  }); // prettier-ignore
  const bumps: Bump[] = [
    bump(at(...bladder.centre), [34, 28, 28], [strength(0, 0.2), strength(0, 0.3), strength(0.1, 0.3)], strength(0.6, 1) / 24),
    bump(at(0, 52, 8), [24, 20, 34], [strength(0, 0.4), strength(0.5, 1), 0], strength(0.2, 0.5) / 16),
    bump(at(0, -100, 50), [70, 32, 48], [0, strength(0.5, 1), 0]),
    bump(at(115, 8, -30), [38, 38, 48], [strength(0.1, 0.35), strength(0.2, 0.5), 0], 0, strength(0.4, 0.8) / 30),
    bump(at(-115, 8, -30), [38, 38, 48], [strength(0.1, 0.35), strength(0.2, 0.5), 0], 0, strength(0.4, 0.8) / 30),
    bump(at(strength(20, 60), 105, 10), [55, 26, 55], [0, strength(0.2, 0.7), 0]),
    bump(at(strength(80, 110), 10, 60), [32, 34, 34], [strength(0.2, 0.6), strength(0.2, 0.6), strength(0, 0.2)]),
  ]; // prettier-ignore
  const translation = randomVector(0.35 * random.uniform());
  const axis = randomVector(turnLimit * random.uniform());

  function randomVector(length: number): Vector3 {
    const v: Vector3 = [random.normal(), random.normal(), 0.4 * random.normal()];
    const scale = length / Math.hypot(...v);
    return [v[0] * scale, v[1] * scale, v[2] * scale];
  }

  return (x, y, z, out) => {
    const rx = x - ox;
    const ry = y - oy;
    const rz = z - oz;
    let dx = translation[0] + axis[1] * rz - axis[2] * ry;
    let dy = translation[1] + axis[2] * rx - axis[0] * rz;
    let dz = translation[2] + axis[0] * ry - axis[1] * rx;
    for (const { centre, sigma, shift, expansion, turn } of bumps) {
      const ex = x - centre[0];
      const ey = y - centre[1];
      const ez = z - centre[2];
      const q = (ex / sigma[0]) ** 2 + (ey / sigma[1]) ** 2 + (ez / sigma[2]) ** 2;
      if (q > 18) continue;
      const weight = Math.exp(-0.5 * q);
      dx += weight * (shift[0] + expansion * ex - turn * ey);
      dy += weight * (shift[1] + expansion * ey + turn * ex);
      dz += weight * (shift[2] + 0.5 * expansion * ez);
    }
    out[0] = dx;
    out[1] = dy;
    out[2] = dz;
  };
}
