import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFeatures } from '../../../../src-main/learn/features/randomFeatures.ts';
import { createLpips, lpipsLinSpecs, lpipsTrunkSpecs } from '../../../../src-main/learn/lpips.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import type { Grid } from '../../../../src-main/shared/volume.ts';
import type { Executor } from '../../../../src-main/tensor/executor.ts';
import { openExecutor } from '../../../../src-main/tensor/executors/openExecutor.ts';
import { lpipsOfVolumes } from '../../../../src-main/workflows/evaluate/lpipsOfVolumes.ts';
import type { ComparedValues } from '../../../../src-main/workflows/evaluate/onCtGrid.ts';

const [nx, ny, nz] = [45, 38, 7];
const grid: Grid = { size: [nx, ny, nz], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0] };
const weights = new Map([
  ...randomFeatures(lpipsTrunkSpecs('alex'), 1),
  ...lpipsLinSpecs('alex').map(({ name, fanIn }): [string, Float32Array] => [
    name,
    new Float32Array(fanIn).fill(0.5),
  ]),
]);
const random = createRandom(8);
const noise = (): Float32Array => Float32Array.from({ length: nx * ny * nz }, () => 500 * random.normal());
const whole: ComparedValues = {
  grid,
  reference: noise(),
  synthetic: noise(),
  counting: new Uint8Array(nx * ny * nz).fill(1),
  findings: [],
};

describe('LPIPS of a volume', () => {
  let executor: Executor;
  beforeAll(async () => {
    ({ executor } = await openExecutor({ executor: 'onnx', device: 'cpu' }));
  });
  afterAll(() => executor.dispose());
  const measure = (compared: ComparedValues) => lpipsOfVolumes(compared, 'alex', executor, { weights });

  it('is the mean over the axial slices, also where they do not fill the last batch', async () => {
    const { value, slices, windowHu } = await measure(whole);
    expect({ slices, windowHu }).toEqual({ slices: nz, windowHu: [-1024, 3000] });
    const compare = await createLpips(executor, 'alex', weights, [nz, ny, nx]);
    const scaled = (values: ArrayLike<number>): Float32Array =>
      Float32Array.from(values, (hu) => Math.min(Math.max((hu + 1024) / 2012 - 1, -1), 1));
    const each = await compare(scaled(whole.reference), scaled(whole.synthetic));
    expect(value).toBeCloseTo(each.reduce((sum, one) => sum + one, 0) / nz, 5);
    expect(value).toBeGreaterThan(0.01);
  });

  it('is 0 for equal volumes and where they differ outside the mask alone', async () => {
    expect((await measure({ ...whole, synthetic: whole.reference })).value).toBe(0);
    const counting = Uint8Array.from(whole.counting, (_, at) => (at % nx > 3 && at >= 2 * nx * ny ? 1 : 0));
    const synthetic = Float32Array.from(whole.reference, (hu, at) => (counting[at] ? hu : 999));
    const { value, slices } = await measure({ ...whole, synthetic, counting });
    expect({ value, slices }).toEqual({ value: 0, slices: nz - 2 });
  });

  it('does not depend on how the grid lies or how far it reaches beyond the mask', async () => {
    const counting = Uint8Array.from(whole.counting, (_, at) => (at % nx < 40 ? 1 : 0));
    const { value } = await measure({ ...whole, counting });
    // The same voxels stored from the feet's other end, right to left, with four columns less of what does not count.
    const kept = 41;
    const turned = (values: ArrayLike<number>): Float32Array =>
      Float32Array.from({ length: kept * ny * nz }, (_, at) => {
        const [i, j, k] = [
          kept - 1 - (at % kept),
          Math.floor(at / kept) % ny,
          nz - 1 - Math.floor(at / kept / ny),
        ];
        return values[i + nx * (j + ny * k)] ?? NaN;
      });
    const other = await measure({
      grid: { size: [kept, ny, nz], indexToLps: [-1, 0, 0, 40, 0, 1, 0, 0, 0, 0, -3, 18] },
      reference: turned(whole.reference),
      synthetic: turned(whole.synthetic),
      counting: turned(counting),
      findings: [],
    });
    expect(other.value).toBeCloseTo(value ?? NaN, 6);
  });

  it('is undefined where the mask is too narrow for the network', async () => {
    const counting = Uint8Array.from(whole.counting, (_, at) => (at % nx < 30 ? 1 : 0));
    expect(await measure({ ...whole, counting })).toMatchObject({ value: null });
  });

  it('stops between two batches', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }): void => {
      seen.push(done);
      stop.abort();
    };
    const stopped = lpipsOfVolumes(whole, 'alex', executor, { weights, signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([2]);
  });
});
