/** What PyTorch computed for the golden case; `test/parity` compares every value where PyTorch is installed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLpips, lpipsBackbones } from '../../../../src-main/learn/lpips.ts';
import { alexNetFeatures } from '../../../../src-main/learn/networks/alexNet.ts';
import { parameterConstants } from '../../../../src-main/learn/networks/parameterSpec.ts';
import { vggFeatures, vggTaps } from '../../../../src-main/learn/networks/vgg.ts';
import type { Executor } from '../../../../src-main/tensor/executor.ts';
import { openExecutor } from '../../../../src-main/tensor/executors/openExecutor.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import golden from '../../../fixtures/goldenFeatures.json' with { type: 'json' };
import {
  goldenExtents,
  goldenImages,
  goldenLins,
  goldenTrunks,
  goldenWeights,
  spacedValues,
  type GoldenFile,
} from '../../../fixtures/goldenFeatures.ts';

const { values }: GoldenFile = golden;
const [n, h, w] = goldenExtents;
const [x, y] = goldenImages();
const relative = 1e-4;

describe('feature networks with given weights', () => {
  let executor: Executor;
  beforeAll(async () => {
    ({ executor } = await openExecutor({ executor: 'onnx', device: 'cpu' }));
  });
  afterAll(() => executor.dispose());

  it.each(['vgg19', 'alexnet'] as const)('%s has the golden values in every layer', async (trunk) => {
    const image = input('x', [n, 1, h, w]);
    const parameters = parameterConstants(goldenTrunks[trunk], goldenWeights(trunk));
    const taps =
      trunk === 'alexnet'
        ? alexNetFeatures(image, parameters)
        : vggFeatures(image, parameters, {
            depth: 19,
            taps: vggTaps.slice(0, 12),
            imageNetNormalisation: true,
          });
    const program = await executor.compile(Object.fromEntries(taps.map((tap, k) => [`${trunk}.${k}`, tap])));
    for (const [name, value] of Object.entries(await program.run({ x }))) {
      const [ours, theirs] = [spacedValues(await value.read()), values[name] ?? []];
      const largest = Math.max(...theirs);
      expect(largest, name).toBeGreaterThan(0);
      ours.forEach((one, at) =>
        expect(Math.abs(one - (theirs[at] ?? NaN)), name).toBeLessThan(relative * largest),
      );
    }
  });

  it.each(lpipsBackbones)('LPIPS %s has the golden distances, 0 for equal images', async (backbone) => {
    const trunk = goldenWeights(backbone === 'alex' ? 'alexnet' : 'vgg16');
    const compare = await createLpips(executor, backbone, new Map([...trunk, ...goldenLins(backbone)]), [
      n,
      h,
      w,
    ]);
    const theirs = values[`lpips-${backbone}`] ?? [];
    expect(theirs).toHaveLength(n);
    (await compare(x, y)).forEach((one, at) => expect(one / (theirs[at] ?? NaN)).toBeCloseTo(1, 4));
    expect(await compare(x, x)).toEqual(new Float32Array(n));
  });
});
