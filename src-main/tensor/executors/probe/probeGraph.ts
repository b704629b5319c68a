import { createRandom } from '../../../shared/random.ts';
import type { Feed } from '../../executor.ts';
import { gradient } from '../../gradient.ts';
import { conv2d } from '../../primitives/convolution.ts';
import { add, leakyRelu, multiply } from '../../primitives/elementwise.ts';
import { concat, reflectPad } from '../../primitives/layout.ts';
import { input } from '../../primitives/leaves.ts';
import { mean } from '../../primitives/reductions.ts';
import { standardize } from '../../primitives/standardize.ts';
import { sizeOf, type Shape, type Tensor } from '../../tensor.ts';

export interface ProbeGraph {
  readonly outputs: Readonly<Record<'loss' | 'gradient', Tensor>>;
  readonly feeds: Readonly<Record<string, Feed>>;
}

/**
 * A residual block, forward and backward (through both convolutions, so through the reflected borders as well): what a device must
 * compute rightly, and faster than the CPU.
 */
export function probeGraph(channels: number, extent: number): ProbeGraph {
  const weightShape = [channels, channels, 3, 3];
  const x = input('x', [1, channels, extent, extent]);
  const weights = [input('first', weightShape), input('second', weightShape)] as const;
  const layer = (image: Tensor, weight: Tensor): Tensor =>
    standardize(conv2d(reflectPad(image, [1, 1, 1, 1]), weight), 1e-5);
  const block = add(x, layer(leakyRelu(layer(x, weights[0]), 0.2), weights[1]));
  const loss = mean(multiply(block, block));
  const random = createRandom(1);
  const values = (shape: Shape): Float32Array => Float32Array.from({ length: sizeOf(shape) }, random.normal);
  return {
    outputs: { loss, gradient: concat(gradient(loss, weights), 0) },
    feeds: { x: values(x.shape), first: values(weightShape), second: values(weightShape) },
  };
}
