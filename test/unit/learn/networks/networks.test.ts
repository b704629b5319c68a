import { describe, expect, it } from 'vitest';
import { discriminate, discriminatorSpecs } from '../../../../src-main/learn/networks/discriminator.ts';
import { dropoutShape, generate, generatorSpecs } from '../../../../src-main/learn/networks/generator.ts';
import { initialise } from '../../../../src-main/learn/networks/initialise.ts';
import { parameterInputs, type ParameterSpec } from '../../../../src-main/learn/networks/parameterSpec.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import { sizeOf } from '../../../../src-main/tensor/tensor.ts';

const count = (specs: readonly ParameterSpec[]): number =>
  specs.reduce((total, { shape }) => total + sizeOf(shape), 0);
const published = { inputChannels: 1, ngf: 64, blocks: 9 };

describe('the generator', () => {
  it('has the published number of parameters for one and for three slices', () => {
    expect(count(generatorSpecs(published))).toBe(11_365_633);
    expect(count(generatorSpecs({ ...published, inputChannels: 3 }))).toBe(11_371_905);
  });

  it('names its parameters as the files do, in PyTorch layouts', () => {
    const shapes = new Map(generatorSpecs(published).map(({ name, shape }) => [name, shape]));
    const residual = Array.from({ length: 9 }, (_, k) => [`res${k}.conv1`, `res${k}.conv2`]).flat();
    const layers = ['stem', 'down1', 'down2', ...residual, 'up1', 'up2', 'head'];
    expect([...shapes.keys()]).toEqual(layers.flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]));
    expect(shapes.get('stem.weight')).toEqual([64, 1, 7, 7]);
    expect(shapes.get('down2.weight')).toEqual([256, 128, 3, 3]);
    expect(shapes.get('res8.conv2.weight')).toEqual([256, 256, 3, 3]);
    expect(shapes.get('up1.weight')).toEqual([256, 128, 3, 3]);
    expect(shapes.get('up1.bias')).toEqual([128]);
    expect(shapes.get('head.weight')).toEqual([1, 64, 7, 7]);
    expect(shapes.get('head.bias')).toEqual([1]);
  });

  it('keeps the extents of its input, and thins a quarter-size bottleneck', () => {
    const x = input('x', [6, 1, 192, 320]);
    const y = generate(x, parameterInputs(generatorSpecs(published), ''), published);
    expect(y.shape).toEqual([6, 1, 192, 320]);
    expect(dropoutShape(published, [6, 192, 320])).toEqual([6, 256, 48, 80]);
  });
});

describe('the discriminator', () => {
  const config = { inputChannels: 1, ndf: 64 };

  it('has the published number of parameters', () => {
    expect(count(discriminatorSpecs(config))).toBe(2_763_713);
  });

  it('gives 38×22 logits for a 320×192 image', () => {
    const image = input('image', [2, 1, 320, 192]);
    const logits = discriminate(image, image, parameterInputs(discriminatorSpecs(config), ''));
    expect(logits.shape).toEqual([2, 1, 38, 22]);
  });
});

describe('initial parameters', () => {
  const specs = generatorSpecs({ inputChannels: 1, ngf: 32, blocks: 1 });
  const values = initialise(specs, 5);

  it('draws weights from N(0, 0.02)', () => {
    const weights = values.get('res0.conv1.weight')!;
    const n = weights.length;
    const mean = weights.reduce((sum, value) => sum + value, 0) / n;
    const deviation = Math.sqrt(weights.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
    expect(n).toBe(128 * 128 * 9);
    // Five standard errors.
    expect(Math.abs(mean)).toBeLessThan((5 * 0.02) / Math.sqrt(n));
    expect(Math.abs(deviation - 0.02)).toBeLessThan((5 * 0.02) / Math.sqrt(2 * n));
    const beyond = weights.filter((value) => Math.abs(value) > 0.04).length / n;
    expect(beyond).toBeCloseTo(0.0455, 2);
  });

  it('draws biases evenly within ±1/√fan-in', () => {
    for (const { name, fanIn } of specs.filter((spec) => spec.name.endsWith('.bias'))) {
      const bound = 1 / Math.sqrt(fanIn);
      expect(values.get(name)!.every((value) => Math.abs(value) <= Math.fround(bound))).toBe(true);
    }
    const biases = values.get('res0.conv2.bias')!;
    const spread = Math.sqrt(biases.reduce((sum, value) => sum + value ** 2, 0) / biases.length);
    expect(spread / (1 / Math.sqrt(3 * 128 * 9))).toBeGreaterThan(0.8);
    expect(spread / (1 / Math.sqrt(3 * 128 * 9))).toBeLessThan(1.2);
  });

  it('follows the seed', () => {
    expect(initialise(specs, 5)).toEqual(values);
    expect(initialise(specs, 6).get('stem.weight')).not.toEqual(values.get('stem.weight'));
  });
});
