/** One row per way to use a primitive: what goes in, and the expression. The suites run every row on every executor. */
import { constant, detach } from '../../../src-main/tensor/primitives/leaves.ts';
import * as conv from '../../../src-main/tensor/primitives/convolution.ts';
import * as ew from '../../../src-main/tensor/primitives/elementwise.ts';
import { gather, scatterAdd, toIndex } from '../../../src-main/tensor/primitives/indexing.ts';
import * as layout from '../../../src-main/tensor/primitives/layout.ts';
import { matmul } from '../../../src-main/tensor/primitives/matmul.ts';
import { max, mean, sum } from '../../../src-main/tensor/primitives/reductions.ts';
import { inverseDeviation, standardize } from '../../../src-main/tensor/primitives/standardize.ts';
import type { OperationKind, Padding2d, Shape, Tensor } from '../../../src-main/tensor/tensor.ts';

/**
 * How the fed values are drawn. `smooth`: normal; `positive`: 0.5 … 2; `awayFromZero`: ±(0.3 … 1.5); `distinct`: a shuffled ladder with
 * steps of 0.1, so that no two values are near a tie.
 */
export type Drawn = 'smooth' | 'positive' | 'awayFromZero' | 'distinct';

export interface PrimitiveCase {
  readonly name: string;
  readonly kind: OperationKind;
  readonly inputs: readonly (readonly [Shape, Drawn])[];
  readonly build: (...inputs: Tensor[]) => Tensor;
}

const small: Shape = [2, 3, 4];

const unaryCases: PrimitiveCase[] = (
  [
    ['negate', ew.negate, 'smooth'],
    ['exp', ew.exp, 'smooth'],
    ['log', ew.log, 'positive'],
    ['sqrt', ew.sqrt, 'positive'],
    ['reciprocal', ew.reciprocal, 'awayFromZero'],
    ['tanh', ew.tanh, 'smooth'],
    ['sigmoid', ew.sigmoid, 'smooth'],
    ['abs', ew.abs, 'awayFromZero'],
    ['sign', ew.sign, 'awayFromZero'],
    ['step', ew.step, 'awayFromZero'],
    ['floor', ew.floor, 'awayFromZero'],
  ] as const
).map(([kind, build, drawn]) => ({ name: kind, kind, inputs: [[small, drawn]], build }));

const leakyCases: PrimitiveCase[] = [0, 0.2, 1].flatMap((slope) => [
  {
    name: `leakyRelu, slope ${slope}`,
    kind: 'leakyRelu' as const,
    inputs: [[small, 'awayFromZero']] as const,
    build: (x: Tensor) => ew.leakyRelu(x, slope),
  },
  {
    name: `leakyGate, slope ${slope}`,
    kind: 'leakyGate' as const,
    inputs: [[small, 'awayFromZero'], [small, 'smooth']] as const, // prettier-ignore
    build: (x: Tensor, t: Tensor) => ew.leakyGate(x, t, slope),
  },
]);

const pairs: readonly (readonly [string, Shape, Shape])[] = [
  ['one shape', [2, 3, 4], [2, 3, 4]],
  ['left repeats', [3, 1], [2, 3, 4]],
  ['right repeats', [2, 3, 4], [1, 4]],
  ['both repeat', [2, 1, 4], [3, 1]],
  ['scalar right', [2, 3], []],
  ['scalar left', [], [2, 3]],
];
const binaryCases: PrimitiveCase[] = (
  [
    ['add', ew.add, 'smooth', 'smooth'],
    ['subtract', ew.subtract, 'smooth', 'smooth'],
    ['multiply', ew.multiply, 'smooth', 'smooth'],
    ['divide', ew.divide, 'smooth', 'awayFromZero'],
    ['maximum', ew.maximum, 'distinct', 'distinct'],
    ['minimum', ew.minimum, 'distinct', 'distinct'],
    ['equal', ew.equal, 'distinct', 'distinct'],
  ] as const
).flatMap(([kind, build, drawnA, drawnB]) =>
  pairs.map(([how, a, b]) => ({
    name: `${kind}, ${how}`,
    kind,
    inputs: [[a, drawnA], [b, drawnB]] as const, // prettier-ignore
    build,
  })),
);

/** A fixed factor that is flat anyway, so that differences and derivatives must agree. */
const detachCases: PrimitiveCase[] = [
  {
    name: 'detach',
    kind: 'detach',
    inputs: [[small, 'awayFromZero']],
    build: (x) => ew.multiply(x, detach(ew.sign(x))),
  },
];

const reductionCases: PrimitiveCase[] = (
  [
    ['sum', sum, 'smooth'],
    ['mean', mean, 'smooth'],
    ['max', max, 'distinct'],
  ] as const
).flatMap(([kind, build, drawn]) =>
  [undefined, [0], [1, 2], [3, 0], []].map((axes) => ({
    name: `${kind} over ${axes ? `[${axes.join(', ')}]` : 'all axes'}`,
    kind,
    inputs: [[[2, 3, 2, 4], drawn]] as const,
    build: (x: Tensor) => (axes ? build(x, axes) : build(x)),
  })),
);

const standardizeCases: PrimitiveCase[] = [1e-5, 0.5].flatMap((epsilon) =>
  (
    [
      ['standardize', standardize],
      ['inverseDeviation', inverseDeviation],
    ] as const
  ).map(([kind, build]) => ({
    name: `${kind}, ε ${epsilon}`,
    kind,
    inputs: [[[2, 3, 4, 5], 'smooth']] as const,
    build: (x: Tensor) => build(x, epsilon),
  })),
);

const matmulCases: PrimitiveCase[] = (
  [
    [[3, 4], [4, 5]],
    [[2, 3, 4], [2, 4, 5]],
    [[2, 3, 2, 4], [2, 3, 4, 1]],
  ] as const
).map(([a, b]) => ({
  name: `matmul [${a.join(', ')}] × [${b.join(', ')}]`,
  kind: 'matmul',
  inputs: [[a, 'smooth'], [b, 'smooth']],
  build: matmul,
})); // prettier-ignore

interface Convolution {
  readonly name: string;
  readonly x: Shape;
  readonly kernel: readonly [co: number, kh: number, kw: number];
  readonly stride?: number;
  readonly padding?: Padding2d;
}

/** Chosen so that every branch of the ONNX lowering is met: few inputs, few outputs, many of both, strides, paddings beyond the kernel. */
const convolutions: readonly Convolution[] = [
  { name: '1×1', x: [2, 3, 4, 5], kernel: [4, 1, 1] },
  { name: '1×1, many channels', x: [2, 9, 4, 5], kernel: [10, 1, 1] },
  { name: '1×1 stride 2', x: [2, 3, 5, 6], kernel: [4, 1, 1], stride: 2 },
  { name: '3×3 padded', x: [2, 3, 6, 5], kernel: [4, 3, 3], padding: [1, 1, 1, 1] },
  { name: '3×3 padded, many channels', x: [2, 9, 6, 5], kernel: [10, 3, 3], padding: [1, 1, 1, 1] },
  { name: '3×3 padded, many to few', x: [2, 12, 6, 5], kernel: [2, 3, 3], padding: [1, 1, 1, 1] },
  { name: '3×3 padded, few to many', x: [2, 2, 6, 5], kernel: [12, 3, 3], padding: [1, 1, 1, 1] },
  { name: '3×3 stride 2', x: [2, 3, 7, 7], kernel: [4, 3, 3], stride: 2, padding: [1, 1, 1, 1] },
  { name: '3×3 stride 2, a row and column left over', x: [2, 9, 6, 8], kernel: [10, 3, 3], stride: 2, padding: [1, 1, 1, 1] }, // prettier-ignore
  {
    name: '3×3 stride 2, many to few',
    x: [2, 12, 7, 6],
    kernel: [1, 3, 3],
    stride: 2,
    padding: [1, 0, 0, 1],
  },
  { name: '3×3 padded on one side', x: [1, 2, 5, 6], kernel: [3, 3, 3], padding: [2, 0, 1, 2] },
  {
    name: '3×3 padded on one side, many channels',
    x: [1, 9, 5, 6],
    kernel: [9, 3, 3],
    padding: [0, 2, 1, 0],
  },
  { name: '3×3 stride 2 padded on one side', x: [1, 2, 6, 5], kernel: [3, 3, 3], stride: 2, padding: [0, 1, 2, 0] }, // prettier-ignore
  { name: '3×3 padded beyond the kernel', x: [1, 2, 3, 4], kernel: [2, 3, 3], padding: [4, 0, 1, 3] },
  { name: '3×2', x: [2, 2, 5, 6], kernel: [3, 3, 2], padding: [1, 0, 1, 1] },
  { name: '4×4 stride 2', x: [1, 3, 8, 6], kernel: [4, 4, 4], stride: 2, padding: [1, 1, 1, 1] },
  { name: '4×4 stride 1', x: [1, 9, 7, 6], kernel: [1, 4, 4], padding: [1, 1, 1, 1] },
  { name: '4×4 stride 1, many channels', x: [1, 9, 6, 5], kernel: [9, 4, 4], padding: [1, 1, 1, 1] },
  { name: '7×7 one to many', x: [1, 1, 9, 8], kernel: [9, 7, 7] },
  { name: '7×7 many to one', x: [1, 9, 9, 8], kernel: [1, 7, 7] },
  { name: '7×7 padded', x: [2, 2, 5, 6], kernel: [2, 7, 7], padding: [3, 3, 3, 3] },
];

const convolutionCases: PrimitiveCase[] = convolutions.flatMap(({ name, x, kernel, ...options }) => {
  const [co, kh, kw] = kernel;
  const weight: Shape = [co, x[1]!, kh, kw];
  const y = conv.conv2d(constant(new Float32Array(x.reduce((a, b) => a * b)), x), constant(new Float32Array(weight.reduce((a, b) => a * b)), weight), options).shape; // prettier-ignore
  return [
    {
      name: `conv2d ${name}`,
      kind: 'conv2d' as const,
      inputs: [[x, 'smooth'], [weight, 'smooth']] as const,
      build: (a: Tensor, w: Tensor) => conv.conv2d(a, w, options),
    },
    {
      name: `conv2dInputGradient ${name}`,
      kind: 'conv2dInputGradient' as const,
      inputs: [[y, 'smooth'], [weight, 'smooth']] as const,
      build: (dy: Tensor, w: Tensor) => conv.conv2dInputGradient(dy, w, [x[2]!, x[3]!], options),
    },
    {
      name: `conv2dFilterGradient ${name}`,
      kind: 'conv2dFilterGradient' as const,
      inputs: [[x, 'smooth'], [y, 'smooth']] as const,
      build: (a: Tensor, dy: Tensor) => conv.conv2dFilterGradient(a, dy, [kh, kw], options),
    },
  ]; // prettier-ignore
});

const transposedCases: PrimitiveCase[] = [
  {
    name: 'convTranspose2d 3×3 stride 2, output padding 1',
    kind: 'conv2dInputGradient',
    inputs: [[[2, 4, 3, 4], 'smooth'], [[4, 2, 3, 3], 'smooth']],
    build: (x, w) => conv.convTranspose2d(x, w, { stride: 2, padding: 1, outputPadding: 1 }),
  },
]; // prettier-ignore

const reflections: readonly (readonly [string, Shape, Padding2d])[] = [
  ['stretches far apart', [2, 2, 9, 10], [1, 1, 1, 1]],
  ['stretches of three', [1, 2, 12, 11], [3, 3, 3, 3]],
  ['stretches that just touch', [1, 2, 4, 6], [1, 2, 1, 2]],
  ['stretches that overlap', [1, 2, 4, 5], [3, 3, 3, 3]],
  ['one overlapping axis', [1, 2, 10, 4], [2, 2, 2, 3]],
  ['sides that differ', [2, 1, 8, 9], [0, 2, 3, 1]],
  ['one side only', [1, 2, 5, 5], [2, 0, 0, 0]],
  ['the other side only', [1, 2, 5, 5], [0, 0, 0, 3]],
  ['nothing', [1, 2, 3, 3], [0, 0, 0, 0]],
];
const reflectionCases: PrimitiveCase[] = reflections.flatMap(([how, [n, c, h, w], padding]) => [
  {
    name: `reflectPad, ${how}`,
    kind: 'reflectPad' as const,
    inputs: [[[n!, c!, h!, w!], 'smooth']] as const,
    build: (x: Tensor) => layout.reflectPad(x, padding),
  },
  {
    name: `reflectFold, ${how}`,
    kind: 'reflectFold' as const,
    inputs: [[[n!, c!, h! + padding[0] + padding[2], w! + padding[1] + padding[3]], 'smooth']] as const,
    build: (y: Tensor) => layout.reflectFold(y, padding),
  },
]);

const layoutCases: PrimitiveCase[] = [
  { name: 'pad', kind: 'pad', inputs: [[[2, 3], 'smooth']], build: (x) => layout.pad(x, [1, 0], [2, 3]) },
  { name: 'pad by nothing', kind: 'pad', inputs: [[[2, 3], 'smooth']], build: (x) => layout.pad(x, [0, 0], [0, 0]) },
  { name: 'pad between elements', kind: 'pad', inputs: [[[2, 3, 1], 'smooth']], build: (x) => layout.pad(x, [1, 0, 0], [0, 2, 0], [2, 1, 3]) },
  { name: 'pad between elements only', kind: 'pad', inputs: [[[1, 2, 3, 4], 'smooth']], build: (x) => layout.pad(x, [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1]) },
  { name: 'slice', kind: 'slice', inputs: [[[4, 5], 'smooth']], build: (x) => layout.slice(x, [1, 0], [2, 3]) },
  { name: 'slice with steps', kind: 'slice', inputs: [[[5, 7, 2], 'smooth']], build: (x) => layout.slice(x, [1, 0, 1], [2, 3, 1], [2, 3, 1]) },
  { name: 'slice to the last element', kind: 'slice', inputs: [[[6], 'smooth']], build: (x) => layout.slice(x, [1], [3], [2]) },
  { name: 'concat of three', kind: 'concat', inputs: [[[2, 1, 3], 'smooth'], [[2, 4, 3], 'smooth'], [[2, 2, 3], 'smooth']], build: (...parts) => layout.concat(parts, 1) },
  { name: 'concat of one part twice', kind: 'concat', inputs: [[[2, 3], 'smooth']], build: (x) => layout.concat([x, x], 0) },
  { name: 'reshape', kind: 'reshape', inputs: [[[2, 6], 'smooth']], build: (x) => layout.reshape(x, [3, 2, 2]) },
  { name: 'reshape to a scalar', kind: 'reshape', inputs: [[[1, 1], 'smooth']], build: (x) => layout.reshape(x, []) },
  { name: 'transpose', kind: 'transpose', inputs: [[[2, 3, 4], 'smooth']], build: (x) => layout.transpose(x, [2, 0, 1]) },
  { name: 'broadcast', kind: 'broadcast', inputs: [[[3, 1], 'smooth']], build: (x) => layout.broadcast(x, [2, 3, 4]) },
  { name: 'broadcast of a scalar', kind: 'broadcast', inputs: [[[], 'smooth']], build: (x) => layout.broadcast(x, [2, 3]) },
]; // prettier-ignore

const repeated = constant(Int32Array.of(2, 0, 2, 2, 1), [5]);
const indexingCases: PrimitiveCase[] = [0, 1, 2].flatMap((axis) => {
  const whole = [4, 5, 3];
  const taken = whole.map((extent, at) => (at === axis ? 5 : extent));
  return [
    { name: `gather along ${axis}`, kind: 'gather' as const, inputs: [[whole, 'smooth']] as const, build: (x: Tensor) => gather(x, repeated, axis) },
    { name: `scatterAdd along ${axis}`, kind: 'scatterAdd' as const, inputs: [[taken, 'smooth']] as const, build: (x: Tensor) => scatterAdd(x, repeated, axis, 4) },
  ];
}); // prettier-ignore

/** Indices are no floats, so they are seen through what they pick. */
const computedIndices: PrimitiveCase[] = [
  {
    name: 'toIndex in a gather',
    kind: 'toIndex',
    inputs: [[[4, 3], 'smooth']],
    build: (x) => gather(x, toIndex(constant(Float32Array.of(2.9, 0, 3.2, 2), [4])), 0),
  },
];

const constants: PrimitiveCase[] = [
  {
    name: 'constant beside an input',
    kind: 'constant',
    inputs: [[[2, 3], 'smooth']],
    build: (x) => ew.multiply(x, constant(Float32Array.of(1, 2, 3), [3])),
  },
];

export const primitiveCases: readonly PrimitiveCase[] = [
  ...constants,
  ...unaryCases,
  ...leakyCases,
  ...binaryCases,
  ...detachCases,
  ...reductionCases,
  ...standardizeCases,
  ...matmulCases,
  ...convolutionCases,
  ...transposedCases,
  ...reflectionCases,
  ...layoutCases,
  ...indexingCases,
  ...computedIndices,
];
