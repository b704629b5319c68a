/**
 * A slow random displacement of space: a few sine waves of 130–280 mm. It bends the phantom's drawing so that no two patients, and
 * no two sides of a patient, are alike.
 */
import { createRandom } from '../../shared/random.ts';

const WAVES = 3;

/** Moves `point` in place by at most about `amplitudeMm` per axis. */
export function createWarp(seed: number, amplitudeMm: number): (point: [number, number, number]) => void {
  const random = createRandom(seed);
  const waves = Array.from({ length: 3 * WAVES }, () => {
    const wavelength = 130 + 150 * random.uniform();
    const direction = [random.normal(), random.normal(), random.normal()] as const;
    const k = (2 * Math.PI) / wavelength / Math.hypot(...direction);
    return {
      kx: direction[0] * k,
      ky: direction[1] * k,
      kz: direction[2] * k,
      phase: 2 * Math.PI * random.uniform(),
      amplitude: (amplitudeMm * (0.5 + random.uniform())) / WAVES,
    };
  });
  return (point) => {
    const [x, y, z] = point;
    for (let n = 0; n < waves.length; n++) {
      const wave = waves[n] as (typeof waves)[number];
      const axis = (n % 3) as 0 | 1 | 2;
      point[axis] += wave.amplitude * Math.sin(wave.kx * x + wave.ky * y + wave.kz * z + wave.phase);
    }
  };
}
