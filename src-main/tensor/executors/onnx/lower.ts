/** Lowers a graph to ONNX operators: one small entry per kind of operation. */
import { ancestors } from '../../ancestors.ts';
import {
  extentAt,
  type OperationKind,
  type OperationOf,
  type Padding2d,
  type Shape,
  type Tensor,
} from '../../tensor.ts';
import { GraphBuilder } from './graphBuilder.ts';
import { lowerConv2d, lowerFilterGradient, lowerInputGradient } from './lowerConvolution.ts';
import { lowerPad, lowerReflectFold } from './lowerLayout.ts';
import type { OnnxGraph, OnnxValue } from './onnxSchema.ts';

interface Context<K extends OperationKind> {
  readonly builder: GraphBuilder;
  /** Names of the inputs. */
  readonly inputs: readonly string[];
  /** Shapes of the inputs, then of the output. */
  readonly shapes: readonly Shape[];
  readonly tensor: Tensor;
  readonly operation: OperationOf<K>;
  /** Whether some extents are free, so that no shape may be written down. */
  readonly free: boolean;
}

type Lowering = { readonly [K in OperationKind]: (context: Context<K>) => string };

function same(operator: string) {
  return ({ builder, inputs }: { builder: GraphBuilder; inputs: readonly string[] }): string =>
    builder.node(operator, inputs);
}

/** A comparison as 1 or 0. */
function flag(builder: GraphBuilder, operator: string, a: string, b: string): string {
  return builder.node('Cast', [builder.node(operator, [a, b])], { to: 1 });
}

function pair(names: readonly string[]): readonly [string, string] {
  return [at(names, 0), at(names, 1)];
}

function triple(shapes: readonly Shape[]): readonly [Shape, Shape, Shape] {
  return [at(shapes, 0), at(shapes, 1), at(shapes, 2)];
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`There is no operand ${index}.`);
  return item;
}

function onLastTwo([top, left, bottom, right]: Padding2d): number[] {
  return [0, 0, top, left, 0, 0, bottom, right];
}

/** Rows [n·c, h·w] standardised, and their 1/√(variance + ε) [n·c, 1], in one pass over memory. */
function standardizedRows(
  builder: GraphBuilder,
  x: string,
  shape: Shape,
  epsilon: number,
): readonly [string, string] {
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  const rows = builder.node('Reshape', [x, builder.integers([n * c, h * w])]);
  const ones = builder.values(new Float32Array(h * w).fill(1), [h * w]);
  const outputs = builder.nodeWithOutputs('LayerNormalization', [rows, ones], 3, {
    axis: 1,
    epsilon: { float: epsilon },
  });
  return [at(outputs, 0), at(outputs, 2)];
}

/** The same for extents that are not known: ONNX's own operator, with scale 1 and shift 0. */
function instanceNormalised(builder: GraphBuilder, x: string, shape: Shape, epsilon: number): string {
  const channels = extentAt(shape, 1);
  const ones = builder.values(new Float32Array(channels).fill(1), [channels]);
  const zeros = builder.values(new Float32Array(channels), [channels]);
  return builder.node('InstanceNormalization', [x, ones, zeros], { epsilon: { float: epsilon } });
}

const lowering: Lowering = {
  input: () => {
    throw new Error('Inputs are named before lowering.');
  },
  constant: ({ builder, tensor, operation }) => builder.values(operation.data, tensor.shape),
  detach: ({ inputs }) => at(inputs, 0),
  negate: same('Neg'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  reciprocal: same('Reciprocal'),
  tanh: same('Tanh'),
  sigmoid: same('Sigmoid'),
  abs: same('Abs'),
  sign: same('Sign'),
  step: ({ builder, inputs }) => flag(builder, 'Greater', at(inputs, 0), builder.number(0)),
  floor: same('Floor'),
  // 6: int32
  toIndex: ({ builder, inputs }) => builder.node('Cast', inputs, { to: 6 }),
  leakyRelu: ({ builder, inputs, operation }) =>
    operation.slope === 0
      ? builder.node('Relu', inputs)
      : builder.node('LeakyRelu', inputs, { alpha: { float: operation.slope } }),
  leakyGate({ builder, inputs, operation }) {
    const [x, t] = pair(inputs);
    const positive = flag(builder, 'Greater', x, builder.number(0));
    if (operation.slope === 0) return builder.node('Mul', [t, positive]);
    const factor = builder.node('Max', [positive, builder.number(operation.slope)]);
    return builder.node('Mul', [t, factor]);
  },
  add: same('Add'),
  subtract: same('Sub'),
  multiply: same('Mul'),
  divide: same('Div'),
  maximum: same('Max'),
  minimum: same('Min'),
  equal: ({ builder, inputs }) => flag(builder, 'Equal', ...pair(inputs)),
  sum: ({ builder, inputs, operation }) =>
    builder.node('ReduceSum', [at(inputs, 0), builder.integers(operation.axes)]),
  mean: ({ builder, inputs, operation }) =>
    builder.node('ReduceMean', [at(inputs, 0), builder.integers(operation.axes)]),
  max: ({ builder, inputs, operation }) =>
    builder.node('ReduceMax', [at(inputs, 0), builder.integers(operation.axes)]),
  standardize({ builder, inputs, tensor, operation, free }) {
    if (free) return instanceNormalised(builder, at(inputs, 0), tensor.shape, operation.epsilon);
    const [rows] = standardizedRows(builder, at(inputs, 0), tensor.shape, operation.epsilon);
    return builder.node('Reshape', [rows, builder.integers(tensor.shape)]);
  },
  inverseDeviation({ builder, inputs, shapes, tensor, operation }) {
    const [, inverse] = standardizedRows(builder, at(inputs, 0), at(shapes, 0), operation.epsilon);
    return builder.node('Reshape', [inverse, builder.integers(tensor.shape)]);
  },
  matmul: same('MatMul'),
  conv2d: ({ builder, inputs, shapes, operation }) =>
    lowerConv2d(builder, pair(inputs), at(shapes, 1), operation),
  conv2dInputGradient: ({ builder, inputs, shapes, operation }) =>
    lowerInputGradient(builder, pair(inputs), triple(shapes), operation),
  conv2dFilterGradient: ({ builder, inputs, shapes, operation }) =>
    lowerFilterGradient(builder, pair(inputs), triple(shapes), operation),
  pad: ({ builder, inputs, shapes, operation }) => lowerPad(builder, at(inputs, 0), at(shapes, 0), operation),
  slice({ builder, inputs, tensor, operation: { starts, steps } }) {
    const ends = starts.map(
      (start, axis) => start + (extentAt(tensor.shape, axis) - 1) * (steps[axis] ?? 1) + 1,
    );
    const axes = starts.map((_, axis) => axis);
    const vectors = [starts, ends, axes, steps].map((values) => builder.integers(values));
    return builder.node('Slice', [at(inputs, 0), ...vectors]);
  },
  reflectPad: ({ builder, inputs, operation }) =>
    builder.node('Pad', [at(inputs, 0), builder.integers(onLastTwo(operation.padding))], { mode: 'reflect' }),
  reflectFold: ({ builder, inputs, shapes, operation }) =>
    lowerReflectFold(builder, at(inputs, 0), at(shapes, 0), operation.padding),
  concat: ({ builder, inputs, operation }) => builder.node('Concat', inputs, { axis: operation.axis }),
  reshape: ({ builder, inputs, tensor }) =>
    builder.node('Reshape', [at(inputs, 0), builder.integers(tensor.shape)]),
  transpose: ({ builder, inputs, operation }) =>
    builder.node('Transpose', inputs, { perm: operation.permutation }),
  broadcast: ({ builder, inputs, tensor }) =>
    builder.node('Expand', [at(inputs, 0), builder.integers(tensor.shape)]),
  gather: ({ builder, inputs, operation }) => builder.node('Gather', inputs, { axis: operation.axis }),
  scatterAdd({ builder, inputs, shapes, tensor, operation: { axis } }) {
    const [x, indices] = pair(inputs);
    const spread = at(shapes, 0).map((extent, along) => (along === axis ? extent : 1));
    const positions = builder.node('Expand', [
      builder.node('Reshape', [indices, builder.integers(spread)]),
      builder.integers(at(shapes, 0)),
    ]);
    const zeros = builder.node('Expand', [builder.number(0), builder.integers(tensor.shape)]);
    return builder.node('ScatterElements', [zeros, positions, x], { axis, reduction: 'add' });
  },
};

export interface LoweredGraph {
  readonly graph: OnnxGraph;
  /** The graph's inputs by name. */
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** What the model calls each output: its own name, or another where an input has that one (state that goes in and comes out). */
  readonly outputNames: ReadonlyMap<string, string>;
}

export interface LowerOptions {
  /** Extents of inputs and outputs that stay free, by axis; the graph must not depend on them. */
  readonly freeAxes?: Readonly<Record<number, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Lowers named outputs. Throws a RangeError when two different inputs share a name. */
export function lower(outputs: Readonly<Record<string, Tensor>>, options: LowerOptions = {}): LoweredGraph {
  const builder = new GraphBuilder();
  const nameOf = new Map<Tensor, string>();
  const inputs = new Map<string, Tensor>();
  for (const tensor of ancestors(Object.values(outputs))) {
    const { operation } = tensor;
    if (operation.kind === 'input') {
      if (inputs.has(operation.name)) throw new RangeError(`Two inputs are called ${operation.name}.`);
      inputs.set(operation.name, tensor);
      nameOf.set(tensor, operation.name);
      continue;
    }
    const context = {
      builder,
      inputs: tensor.inputs.map((input) => nameOf.get(input) ?? ''),
      shapes: [...tensor.inputs.map((input) => input.shape), tensor.shape],
      tensor,
      operation,
      free: options.freeAxes !== undefined,
    };
    // The table is keyed by kind; TypeScript cannot follow that the context's operation is of that kind.
    const lowerOne = lowering[operation.kind] as (context: Context<OperationKind>) => string;
    nameOf.set(tensor, lowerOne(context));
  }
  const value = (name: string, tensor: Tensor): OnnxValue => ({
    name,
    elementType: tensor.dtype,
    shape: tensor.shape.map((extent, axis) => options.freeAxes?.[axis] ?? extent),
  });
  const outputNames = new Map(
    Object.keys(outputs).map((name) => [name, inputs.has(name) ? `next ${name}` : name]),
  );
  const named = Object.entries(outputs).map(([name, tensor]) => {
    const outputName = outputNames.get(name) ?? name;
    builder.nameOutput(outputName, nameOf.get(tensor) ?? '');
    return value(outputName, tensor);
  });
  const graph = builder.finish(
    [...inputs].map(([name, tensor]) => value(name, tensor)),
    named,
    options.metadata,
  );
  return { graph, inputs, outputNames };
}
