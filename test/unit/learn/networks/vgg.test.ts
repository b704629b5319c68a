import { describe, expect, it } from 'vitest';
import { parameterInputs } from '../../../../src-main/learn/networks/parameterSpec.ts';
import { vggFeatures, vggSpecs, type VggTap } from '../../../../src-main/learn/networks/vgg.ts';
import { input } from '../../../../src-main/tensor/primitives/leaves.ts';
import { sizeOf } from '../../../../src-main/tensor/tensor.ts';

describe('VGG', () => {
  it('names its convolutions as torchvision does', () => {
    const names = (depth: 16 | 19, last: VggTap): string[] =>
      vggSpecs(depth, last)
        .filter(({ name }) => name.endsWith('.weight'))
        .map(({ name }) => name.split('.')[1] ?? '');
    expect(names(19, 'relu5_4').map(Number)).toEqual([
      0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34,
    ]);
    expect(names(16, 'relu5_3').map(Number)).toEqual([0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]);
    expect(names(16, 'relu2_2').map(Number)).toEqual([0, 2, 5, 7]);
  });

  it('has the published number of parameters before its classifier', () => {
    const count = (depth: 16 | 19, last: VggTap): number =>
      vggSpecs(depth, last).reduce((total, { shape }) => total + sizeOf(shape), 0);
    expect(count(16, 'relu5_3')).toBe(14_714_688);
    expect(count(19, 'relu5_4')).toBe(20_024_384);
  });

  it('gives the taps in the order asked, halved from stage to stage', () => {
    const taps = ['relu4_4', 'relu1_2', 'relu3_4'] as const;
    const features = vggFeatures(
      input('x', [2, 1, 50, 32]),
      parameterInputs(vggSpecs(19, 'relu4_4'), 'vgg.'),
      {
        depth: 19,
        taps,
        imageNetNormalisation: true,
      },
    );
    expect(features.map(({ shape }) => shape)).toEqual([
      [2, 512, 6, 4],
      [2, 64, 50, 32],
      [2, 256, 12, 8],
    ]);
  });

  it('refuses a tap that the depth lacks', () => {
    expect(() => vggSpecs(16, 'relu3_4')).toThrow('VGG-16');
  });
});
