/**
 * Lowers convolution and its gradients. Which ONNX operators are fastest depends on the shape (measured on CPU, see the README's
 * decisions): an input gradient of stride 1 is a convolution with the kernel mirrored; a filter gradient is one matrix product per kernel tap,
 * or one product over all taps where a side has few channels.
 */
import { extentAt, type Padding2d, type Shape } from '../../tensor.ts';
import type { GraphBuilder } from './graphBuilder.ts';

export interface ConvolutionAttributes {
  readonly stride: number;
  readonly padding: Padding2d;
}

/** Up to so many channels on one side, the products behind a convolution are arranged otherwise. */
const fewChannels = 8;

/** x [n, ci, h, w], weight [co, ci, kh, kw] → y [n, co, oh, ow]; writes down no extent of x. */
export function lowerConv2d(
  builder: GraphBuilder,
  [x, weight]: readonly [string, string],
  weightShape: Shape,
  { stride, padding }: ConvolutionAttributes,
): string {
  const [co, ci, kh, kw] = fourExtents(weightShape);
  // Only large odd kernels: ONNX Runtime 1.30's WebGPU provider computes a 1×4 kernel wrongly, and small kernels gain little.
  if (stride !== 1 || kh < 5 || kw % 2 === 0 || co * kh > fewChannels)
    return builder.node('Conv', [x, weight], { strides: [stride, stride], pads: padding });
  // Few outputs leave the product behind a convolution too thin: each kernel row becomes an output channel of its own, and the rows are
  // added where they belong.
  const rowsFirst = builder.node('Transpose', [weight], { perm: [2, 0, 1, 3] });
  const rowKernel = builder.node('Reshape', [rowsFirst, builder.integers([kh * co, ci, 1, kw])]);
  const rows = builder.node('Conv', [x, rowKernel], { strides: [1, 1], pads: padding });
  const parts = Array.from({ length: kh }, (_, row) => {
    const end = row === kh - 1 ? Number.MAX_SAFE_INTEGER : row + 1 - kh;
    const [starts, ends] = [builder.integers([row * co, row]), builder.integers([(row + 1) * co, end])];
    return builder.node('Slice', [rows, starts, ends, builder.integers([1, 2])]);
  });
  return parts.reduce((sum, part) => builder.node('Add', [sum, part]));
}

/** dy [n, co, oh, ow], weight [co, ci, kh, kw] → dx of `shape` [n, ci, h, w]. */
export function lowerInputGradient(
  builder: GraphBuilder,
  [dy, weight]: readonly [string, string],
  [dyShape, weightShape, shape]: readonly [Shape, Shape, Shape],
  { stride, padding }: ConvolutionAttributes,
): string {
  const [top, left, bottom, right] = padding;
  const [kh, kw] = [extentAt(weightShape, 2), extentAt(weightShape, 3)];
  const mirrored = [kh - 1 - top, kw - 1 - left, kh - 1 - bottom, kw - 1 - right];
  if (stride === 1 && Math.min(...mirrored) >= 0) {
    const swapped = builder.node('Transpose', [weight], { perm: [1, 0, 2, 3] });
    const taps = kh * kw;
    // Mirroring the taps as a product with the reversed identity: exact, and several times faster than a Slice with negative steps.
    const rows = builder.node('Reshape', [swapped, builder.integers([-1, taps])]);
    const mirror = builder.values(mirrorMatrix(taps), [taps, taps]);
    const kernelShape = [extentAt(weightShape, 1), extentAt(weightShape, 0), kh, kw];
    const kernel = builder.node('Reshape', [
      builder.node('MatMul', [rows, mirror]),
      builder.integers(kernelShape),
    ]);
    return builder.node('Conv', [dy, kernel], { strides: [1, 1], pads: mirrored });
  }
  const missing = (axis: number, kernel: number, before: number, after: number): number =>
    extentAt(shape, axis) - ((extentAt(dyShape, axis) - 1) * stride - before - after + kernel);
  return builder.node('ConvTranspose', [dy, weight], {
    strides: [stride, stride],
    pads: padding,
    output_padding: [missing(2, kh, top, bottom), missing(3, kw, left, right)],
  });
}

/** x [n, ci, h, w], dy [n, co, oh, ow] → dw of `shape` [co, ci, kh, kw]. */
export function lowerFilterGradient(
  builder: GraphBuilder,
  [x, dy]: readonly [string, string],
  [xShape, dyShape, shape]: readonly [Shape, Shape, Shape],
  { stride, padding }: ConvolutionAttributes,
): string {
  const [co, ci, kh, kw] = fourExtents(shape);
  const [n, oh, ow] = [extentAt(dyShape, 0), extentAt(dyShape, 2), extentAt(dyShape, 3)];
  const [top, left, bottom, right] = padding;
  const padded =
    top + left + bottom + right === 0
      ? x
      : builder.node('Pad', [x, builder.integers([0, 0, top, left, 0, 0, bottom, right])]);
  const [ph, pw] = [extentAt(xShape, 2) + top + bottom, extentAt(xShape, 3) + left + right];
  const taps = Array.from({ length: kh * kw }, (_, tap) => [Math.floor(tap / kw), tap % kw] as const);
  // With a stride, x is first split into its stride² phases: few strided slices instead of one per tap.
  const phase = (a: number, b: number): string =>
    stride === 1
      ? padded
      : builder.node('Slice', [
          padded,
          builder.integers([a, b]),
          builder.integers([ph, pw]),
          builder.integers([2, 3]),
          builder.integers([stride, stride]),
        ]);
  const shifted = ([dh, dw]: readonly [number, number]): string => {
    const [row, column] = [Math.floor(dh / stride), Math.floor(dw / stride)];
    return builder.node('Slice', [
      phase(dh % stride, dw % stride),
      builder.integers([row, column]),
      builder.integers([row + oh, column + ow]),
      builder.integers([2, 3]),
    ]);
  };
  const flatten = (value: string, channels: number, pixels: number): string =>
    builder.node('Reshape', [value, builder.integers([n, channels, pixels])]);
  const columns = (value: string): string => builder.node('Transpose', [value], { perm: [0, 2, 1] });
  const overBatch = (value: string): string =>
    builder.node('ReduceSum', [value, builder.integers([0])], { keepdims: 0 });

  if (co <= fewChannels && stride === 1 && ci > co) {
    // Few outputs: shift dy instead of x, all taps in one product [taps·co, ph·pw] × [ph·pw, ci].
    const placed = taps.map(([dh, dw]) =>
      builder.node('Pad', [dy, builder.integers([0, 0, dh, dw, 0, 0, ph - oh - dh, pw - ow - dw])]),
    );
    const rows = flatten(builder.node('Concat', placed, { axis: 1 }), kh * kw * co, ph * pw);
    const product = overBatch(builder.node('MatMul', [rows, columns(flatten(padded, ci, ph * pw))]));
    const split = builder.node('Reshape', [product, builder.integers([kh, kw, co, ci])]);
    return builder.node('Transpose', [split], { perm: [2, 3, 0, 1] });
  }
  if (ci <= fewChannels) {
    // Few inputs: all taps in one product [co, oh·ow] × [oh·ow, taps·ci].
    const rows = flatten(builder.node('Concat', taps.map(shifted), { axis: 1 }), kh * kw * ci, oh * ow);
    const product = overBatch(builder.node('MatMul', [flatten(dy, co, oh * ow), columns(rows)]));
    const split = builder.node('Reshape', [product, builder.integers([co, kh * kw, ci])]);
    const ordered = ci === 1 ? split : builder.node('Transpose', [split], { perm: [0, 2, 1] });
    return builder.node('Reshape', [ordered, builder.integers([co, ci, kh, kw])]);
  }
  // One product per tap.
  const dyRows = flatten(dy, co, oh * ow);
  const products = taps.map((tap) =>
    builder.node('Reshape', [
      overBatch(builder.node('MatMul', [dyRows, columns(flatten(shifted(tap), ci, oh * ow))])),
      builder.integers([1, co * ci]),
    ]),
  );
  const joined = products.length === 1 ? (products[0] ?? '') : builder.node('Concat', products, { axis: 0 });
  // Multiplying by the identity moves the tap axis last: several times faster than ONNX Runtime's Transpose, and exact.
  const tapsLast = builder.node(
    'Gemm',
    [joined, builder.values(identityMatrix(taps.length), [taps.length, taps.length])],
    {
      transA: 1,
    },
  );
  return builder.node('Reshape', [tapsLast, builder.integers([co, ci, kh, kw])]);
}

function identityMatrix(size: number): Float32Array {
  return new Float32Array(size * size).map((_, at) => (at % (size + 1) === 0 ? 1 : 0));
}

/** Ones on the other diagonal: the product with it reverses the columns. (Reversing all values of the identity leaves it as it is.) */
function mirrorMatrix(size: number): Float32Array {
  return new Float32Array(size * size).map((_, at) =>
    (at % size) + Math.floor(at / size) === size - 1 ? 1 : 0,
  );
}

function fourExtents(shape: Shape): readonly [number, number, number, number] {
  return [extentAt(shape, 0), extentAt(shape, 1), extentAt(shape, 2), extentAt(shape, 3)];
}
