/** The bench's evaluation: every metric of voxels on a CT and an sCT of 100 slices, a body with three bones in noise. */
import { createRandom } from '../../src-main/shared/random.ts';
import type { Grid } from '../../src-main/shared/volume.ts';
import { evaluateVolumes } from '../../src-main/workflows/evaluate/evaluateVolumes.ts';
import type { BenchSize } from './benchCase.ts';
import type { Prepared } from './serveRuns.ts';

const slices = 100;
const bones = [
  [0.28, 0.47, 0.09],
  [0.72, 0.47, 0.09],
  [0.5, 0.73, 0.07],
] as const;

/** Both volumes are HU as int16, the mask is the body. `peer_evaluate.py` draws the same kind of volumes. */
export function prepareEvaluation({ h, w }: BenchSize): Promise<Prepared> {
  const grid: Grid = { size: [w, h, slices], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2.5, 0] };
  const count = w * h * slices;
  const random = createRandom(1);
  const [ct, sct, mask] = [new Int16Array(count), new Int16Array(count), new Uint8Array(count)];
  for (let at = 0; at < count; at++) {
    const [i, j, k] = [at % w, Math.floor(at / w) % h, Math.floor(at / w / h)];
    const inBody = ((2 * i) / w - 1) ** 2 + ((2 * j) / h - 1) ** 2 < 0.85;
    mask[at] = inBody ? 1 : 0;
    let hu = inBody ? 40 : -1000;
    for (const [x, y, radius] of bones) {
      const depth = radius - Math.hypot(i / w - x - 0.02 * Math.sin(k / 9), ((j / h - y) * h) / w);
      if (depth > 0) hu = depth < 0.012 ? 900 : 220;
    }
    ct[at] = hu + 15 * random.normal();
    sct[at] = hu + 60 * Math.sin(i / 7) * Math.cos(j / 9) + 20 * random.normal();
  }
  const named = <T extends Int16Array | Uint8Array>(name: string, data: T) => ({
    name,
    volume: { grid, data },
  });
  const input = { ct: named('ct', ct), sct: named('sct', sct), mask: named('mask', mask) };
  return Promise.resolve({
    versions: { node: process.version },
    run: () => {
      evaluateVolumes(input);
      return Promise.resolve();
    },
  });
}
