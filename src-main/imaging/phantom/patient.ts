/**
 * What differs between phantom patients, drawn from a seed: size, posture, fat, organ filling, bone. All lengths in mm.
 */
import { createRandom } from '../../shared/random.ts';
import type { Vector3 } from '../../shared/affine.ts';

export interface PhantomPatient {
  readonly seed: number;
  /** Size of the skeleton relative to the drawing, along x, y, z. */
  readonly scale: Vector3;
  /** Turn of the pelvis about x, y, z, radians. */
  readonly tilt: Vector3;
  /** Where the origin of the drawing lies in LPS. */
  readonly centre: Vector3;
  /** Fat beneath the skin at the front, at the sides and at the back. */
  readonly fat: { readonly front: number; readonly side: number; readonly back: number };
  /** Half width and depth of the muscular body in the drawing. */
  readonly body: {
    readonly halfWidth: number;
    readonly front: number;
    readonly back: number;
    readonly exponent: number;
  };
  readonly muscleThickness: number;
  /** Fat streaks in muscle: 0 none, 1 many. */
  readonly streaks: number;
  /** Turn of the thigh about the vertical through the hip, radians, positive with toes outward. */
  readonly legTurn: number;
  readonly cortex: number;
  readonly density: number;
  readonly bladder: { readonly centre: Vector3; readonly radii: Vector3 };
  readonly prostate: { readonly centre: Vector3; readonly radii: Vector3 };
  readonly rectum: {
    readonly width: number;
    readonly gasCentreZ: number;
    readonly gasHalfLength: number;
    readonly gasLevelY: number;
  };
  readonly bowel: readonly { readonly centre: Vector3; readonly radii: Vector3; readonly gas: boolean }[];
}

/** Draws a patient; the same seed gives the same patient on every machine. */
export function drawPatient(seed: number): PhantomPatient {
  const random = createRandom(seed);
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const degrees = (spread: number): number => (between(-spread, spread) * Math.PI) / 180;
  const size = between(0.95, 1.01);
  const filling = between(0.62, 1.15);
  const gland = between(0.85, 1.25);
  const gas = random.uniform();
  return {
    seed,
    scale: [size * between(0.98, 1.01), size * between(0.96, 1.01), size * between(0.96, 1.04)],
    tilt: [degrees(5), degrees(1.5), degrees(2)],
    centre: [between(-4, 4), between(0, 3), between(-8, 8)],
    fat: { front: between(8, 22), side: between(11, 22), back: between(8, 16) },
    body: {
      halfWidth: between(156, 160),
      front: -between(92, 95),
      back: between(108, 111),
      exponent: between(2.35, 2.7),
    },
    muscleThickness: between(1.12, 1.34),
    streaks: between(0.1, 0.8),
    legTurn: degrees(10),
    cortex: between(0.85, 1.2),
    density: between(0.8, 1.2),
    bladder: {
      centre: [between(-4, 4), between(-30, -24), 4 + 22 * filling],
      radii: [42 * filling, 27 * (0.5 + 0.5 * filling), 25 * filling],
    },
    prostate: {
      centre: [between(-2, 2), between(5, 10), between(-23, -19)],
      radii: [24 * gland, 17 * gland, 19 * gland],
    },
    rectum: {
      width: between(0.75, 1.2),
      gasCentreZ: between(-12, 40),
      gasHalfLength: gas < 0.2 ? 0 : between(12, 34),
      gasLevelY: between(-4, 7),
    },
    bowel: Array.from({ length: 14 }, () => ({
      centre: [between(-62, 62), between(-74, 2), between(34, 96)] as const,
      radii: [between(12, 30), between(11, 17), between(10, 17)] as const,
      gas: random.uniform() < 0.35,
    })),
  };
}
