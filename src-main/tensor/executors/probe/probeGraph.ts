import type { Feed } from '../../executor.ts';
import { gradient } from '../../gradient.ts';
import { conv2d } from '../../primitives/convolution.ts';
import { abs, leakyRelu, subtract } from '../../primitives/elementwise.ts';
import { reflectPad } from '../../primitives/layout.ts';
import { input } from '../../primitives/leaves.ts';
import { mean } from '../../primitives/reductions.ts';
import { standardize } from '../../primitives/standardize.ts';
import type { Tensor } from '../../tensor.ts';

export interface ProbeGraph {
  readonly outputs: Readonly<Record<'loss' | 'gradient', Tensor>>;
  readonly feeds: Readonly<Record<string, Feed>>;
}

/** A residual block's worth of work, forward and backward: what a device must be able to do, and to do faster than the CPU. */
export function probeGraph(channels: number, extent: number): ProbeGraph {
  const x = input('x', [1, channels, extent, extent]);
  const weight = input('weight', [channels, channels, 3, 3]);
  const convolved = conv2d(reflectPad(x, [1, 1, 1, 1]), weight);
  const loss = mean(abs(subtract(leakyRelu(standardize(convolved, 1e-5), 0.2), x)));
  const [dWeight] = gradient(loss, [weight]);
  if (!dWeight) throw new Error('There is one gradient per tensor.');
  // Any values do, as long as they are the same everywhere and of moderate size.
  const values = (count: number, frequency: number): Float32Array =>
    Float32Array.from({ length: count }, (_, at) => Math.sin(frequency * (at + 1)));
  return {
    outputs: { loss, gradient: dWeight },
    feeds: { x: values(channels * extent * extent, 0.37), weight: values(channels * channels * 9, 1.13) },
  };
}
