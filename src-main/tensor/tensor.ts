/**
 * The static graph: a tensor is an immutable node that knows its operation, its inputs and its shape. Building an expression builds the
 * graph; nothing is computed until an executor compiles some outputs. Shapes are fixed and checked when a node is made, so an
 * executor never meets a graph that does not fit.
 *
 * Conventions: row-major, images are [n, c, h, w]; values are 32-bit floats unless `dtype` says `int32` (indices only).
 */
export type Shape = readonly number[];
export type DType = 'float32' | 'int32';

/** Zero padding of the last two axes: top, left, bottom, right. */
export type Padding2d = readonly [top: number, left: number, bottom: number, right: number];

/** Everything that distinguishes one operation from another; inputs and shapes are the tensor's. */
export type Operation =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: Float32Array | Int32Array }
  | Plain<UnaryKind>
  /** The tensor itself, taken as fixed: nothing is differentiated through it. */
  | { readonly kind: 'detach' }
  /** Floats as int32 indices, cut towards 0; not differentiable. */
  | { readonly kind: 'toIndex' }
  | { readonly kind: 'leakyRelu'; readonly slope: number }
  /** (x, t) → t where x > 0, slope·t elsewhere: what leakyRelu does to a tangent. Linear in t. */
  | { readonly kind: 'leakyGate'; readonly slope: number }
  | Plain<BinaryKind>
  | { readonly kind: 'sum'; readonly axes: readonly number[] }
  | { readonly kind: 'mean'; readonly axes: readonly number[] }
  | { readonly kind: 'max'; readonly axes: readonly number[] }
  /** x over its last two axes to mean 0, variance 1: (x − mean) · inverseDeviation. */
  | { readonly kind: 'standardize'; readonly epsilon: number }
  /** 1 / √(variance + ε) over the last two axes, kept as extent 1. */
  | { readonly kind: 'inverseDeviation'; readonly epsilon: number }
  | { readonly kind: 'matmul' }
  | { readonly kind: 'conv2d'; readonly stride: number; readonly padding: Padding2d }
  /** (dy, w) → dx of conv2d. Also the transposed convolution, whose weight is laid out [in, out, kh, kw]. */
  | { readonly kind: 'conv2dInputGradient'; readonly stride: number; readonly padding: Padding2d }
  /** (x, dy) → dw of conv2d. */
  | { readonly kind: 'conv2dFilterGradient'; readonly stride: number; readonly padding: Padding2d }
  /** Zeros before, after and (interior) between the elements of each axis. */
  | {
      readonly kind: 'pad';
      readonly before: readonly number[];
      readonly after: readonly number[];
      readonly interior: readonly number[];
    }
  | { readonly kind: 'slice'; readonly starts: readonly number[]; readonly steps: readonly number[] }
  /** Mirrors the last two axes about their border elements (which are not repeated). */
  | { readonly kind: 'reflectPad'; readonly padding: Padding2d }
  /** The adjoint of reflectPad: folds the borders back onto the elements they mirror. */
  | { readonly kind: 'reflectFold'; readonly padding: Padding2d }
  | { readonly kind: 'concat'; readonly axis: number }
  | { readonly kind: 'reshape' }
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  | { readonly kind: 'broadcast' }
  /** (x, indices [k]) → the slices of x at `indices` along `axis`. */
  | { readonly kind: 'gather'; readonly axis: number }
  /** (x, indices [k]) → zeros of the output's size with the slices of x added at `indices` along `axis`. */
  | { readonly kind: 'scatterAdd'; readonly axis: number };

/** One member per kind, so that each can be picked out of the union. */
type Plain<K extends string> = K extends string ? { readonly kind: K } : never;

export type UnaryKind =
  'negate' | 'exp' | 'log' | 'sqrt' | 'reciprocal' | 'tanh' | 'sigmoid' | 'abs' | 'sign' | 'step' | 'floor';
/** `equal` yields 1 where both agree and 0 elsewhere; its derivative is zero. */
export type BinaryKind = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'equal';

export type OperationKind = Operation['kind'];
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>;

export interface Tensor {
  /** Rises in order of creation, so sorting by it is a topological order. */
  readonly id: number;
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly shape: Shape;
  readonly dtype: DType;
}

let nextId = 0;

/** Makes a node. Only primitives call this; everything else composes primitives. */
export function makeTensor(
  operation: Operation,
  inputs: readonly Tensor[],
  shape: Shape,
  dtype: DType = 'float32',
): Tensor {
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 1)
      throw new RangeError(`${operation.kind}: ${formatShape(shape)} is not a shape.`);
  }
  return { id: nextId++, operation, inputs, shape, dtype };
}

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** The extent of an axis that must exist. */
export function extentAt(shape: Shape, axis: number): number {
  const extent = shape[axis];
  if (extent === undefined) throw new RangeError(`${formatShape(shape)} has no axis ${axis}.`);
  return extent;
}

/** Numpy's rule: align right, extents equal or 1. Throws where they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, at) => {
    const extentA = a[at - (rank - a.length)] ?? 1;
    const extentB = b[at - (rank - b.length)] ?? 1;
    if (extentA !== extentB && extentA !== 1 && extentB !== 1)
      throw new RangeError(`${formatShape(a)} and ${formatShape(b)} do not broadcast.`);
    return Math.max(extentA, extentB);
  });
}
