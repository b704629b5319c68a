/**
 * What a network trained on photographs sees of a grey image: the channel three times, either as it is (pGAN feeds VGG so) or with
 * ImageNet's mean and standard deviation taken off. LPIPS v0.1 scales by shift −0.030, −0.088, −0.188 and scale 0.458, 0.448, 0.450,
 * which is the same: shift = 2·mean − 1 and scale = 2·deviation.
 */
import { divide, multiply, subtract } from '../../tensor/primitives/elementwise.ts';
import { constant } from '../../tensor/primitives/leaves.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** x [n, 1, h, w] in [−1, 1] → [n, 3, h, w]; normalised as ImageNet where asked. */
export function grayToRgb(x: Tensor, imageNetNormalisation: boolean): Tensor {
  const perChannel = (values: readonly number[]): Tensor => constant(Float32Array.from(values), [1, 3, 1, 1]);
  return imageNetNormalisation
    ? divide(subtract(x, perChannel([-0.03, -0.088, -0.188])), perChannel([0.458, 0.448, 0.45]))
    : multiply(x, perChannel([1, 1, 1]));
}
