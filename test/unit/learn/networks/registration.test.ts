import { describe, expect, it } from 'vitest';
import { parameterInputs } from '../../../../src-main/learn/networks/parameterSpec.ts';
import {
  estimateFlow,
  initialiseRegistration,
  registrationLevels,
  registrationSpecs,
} from '../../../../src-main/learn/networks/registration.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import { createOnnxExecutor } from '../../../../src-main/tensor/executors/onnx/onnxExecutor.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import { randomImages } from '../../../fixtures/tinyTraining.ts';
import { compute } from '../../tensor/executorsUnderTest.ts';

describe('the registration network', () => {
  it.each([
    [[192, 320], 6],
    [[256, 256], 6],
    [[104, 160], 5],
    [[128, 160], 6],
    [[32, 32], 4],
  ] as const)('has as many levels for %j as leave its bottleneck two pixels: %i', (extents, levels) => {
    expect(registrationLevels(extents)).toBe(levels);
    const [h, w] = extents;
    const image = input('x', [1, 1, h, w]);
    const flow = estimateFlow(image, image, parameterInputs(registrationSpecs(levels), ''), levels);
    expect(flow.shape).toEqual([1, 2, h, w]);
  });

  it('has the published widths', () => {
    const shapes = new Map(registrationSpecs(6).map(({ name, shape }) => [name, shape]));
    expect(shapes.get('down0.conv.weight')).toEqual([32, 2, 3, 3]);
    expect(shapes.get('down1.conv.weight')).toEqual([64, 32, 3, 3]);
    expect(shapes.get('down5.res.conv2.weight')).toEqual([64, 64, 3, 3]);
    expect(shapes.get('widen.weight')).toEqual([128, 64, 1, 1]);
    expect(shapes.get('up5.weight')).toEqual([64, 128, 3, 3]);
    expect(shapes.get('up0.weight')).toEqual([32, 96, 3, 3]);
    expect(shapes.get('flow.weight')).toEqual([2, 32, 3, 3]);
  });

  it('starts with hardly any flow, the same for the same seed', async () => {
    const levels = registrationLevels([32, 40]);
    const specs = registrationSpecs(levels);
    const values = initialiseRegistration(specs, 7);
    expect(initialiseRegistration(specs, 7)).toEqual(values);
    const executor = createOnnxExecutor('cpu', { threads: 1 });
    const [moving, fixed] = [input('moving', [1, 1, 32, 40]), input('fixed', [1, 1, 32, 40])];
    const random = createRandom(1);
    const { flow } = await compute(
      executor,
      { flow: estimateFlow(moving, fixed, parameterInputs(specs, ''), levels) },
      {
        ...Object.fromEntries(values),
        moving: randomImages(random, 32 * 40),
        fixed: randomImages(random, 32 * 40),
      },
    );
    await executor.dispose();
    const largest = flow.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(0.05);
  });
});
