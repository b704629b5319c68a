/**
 * A naive evaluator of graphs in float64: every primitive as index loops straight from its definition in `tensor.ts`. Slow, and independent
 * of both executors; in float64 its central differences are good to about 1e-9, far below float32's rounding.
 */
import { ancestors } from '../../../src-main/tensor/ancestors.ts';
import { sizeOf, type Operation, type Shape, type Tensor } from '../../../src-main/tensor/tensor.ts';

export type Values = Float64Array;
export type Feeds = Readonly<Record<string, ArrayLike<number>>>;

/** Calls `visit` with every multi-index of `shape` in row-major order. */
export function forEachIndex(shape: Shape, visit: (index: number[], flat: number) => void): void {
  const index = shape.map(() => 0);
  for (let flat = 0; flat < sizeOf(shape); flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

function flatOf(shape: Shape, index: readonly number[]): number {
  return shape.reduce((flat, extent, axis) => flat * extent + index[axis]!, 0);
}

const unaries: Record<string, (x: number) => number> = {
  negate: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  abs: Math.abs,
  sign: Math.sign,
  step: (x) => (x > 0 ? 1 : 0),
  floor: Math.floor,
  toIndex: Math.trunc,
};

const binaries: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  equal: (a, b) => (a === b ? 1 : 0),
};

/** Element of x at an index of a shape it broadcasts to. */
function broadcastAt(x: Values, shape: Shape, index: readonly number[]): number {
  const missing = index.length - shape.length;
  return x[flatOf(shape, shape.map((extent, axis) => (extent === 1 ? 0 : index[axis + missing]!)))]!; // prettier-ignore
}

/** The source position that a mirrored position shows. */
function mirrored(at: number, before: number, extent: number): number {
  const inside = Math.abs(at - before);
  return inside < extent ? inside : 2 * (extent - 1) - inside;
}

/** Every (x, weight, y) triple of flat positions that meet in a convolution. */
function forEachTap(
  x: Shape,
  weight: Shape,
  y: Shape,
  operation: { stride: number; padding: readonly number[] },
  visit: (x: number, weight: number, y: number) => void,
): void {
  forEachIndex(y, ([n, co, oh, ow], yAt) => {
    forEachIndex(weight.slice(1), ([ci, kh, kw]) => {
      const row = oh! * operation.stride + kh! - operation.padding[0]!;
      const column = ow! * operation.stride + kw! - operation.padding[1]!;
      if (row < 0 || row >= x[2]! || column < 0 || column >= x[3]!) return;
      visit(flatOf(x, [n!, ci!, row, column]), flatOf(weight, [co!, ci!, kh!, kw!]), yAt);
    });
  });
}

function evaluateOne(operation: Operation, y: Tensor, inputs: readonly Values[]): Values {
  const out = new Float64Array(sizeOf(y.shape));
  const shapes = y.inputs.map(({ shape }) => shape);
  const [a, b] = inputs as [Values, Values];
  const [shapeA, shapeB] = shapes as [Shape, Shape];
  /** out[index] = value(index) */
  const fill = (value: (index: number[]) => number): Values => {
    forEachIndex(y.shape, (index, flat) => (out[flat] = value(index)));
    return out;
  };
  /** out[target(index of x)] += x */
  const addTo = (target: (index: number[]) => readonly number[]): Values => {
    forEachIndex(shapeA, (index, flat) => (out[flatOf(y.shape, target(index))]! += a[flat]!));
    return out;
  };
  switch (operation.kind) {
    case 'input':
      throw new Error('Inputs are fed.');
    case 'constant':
      return Float64Array.from(operation.data);
    case 'detach':
      return a;
    case 'negate':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'reciprocal':
    case 'tanh':
    case 'sigmoid':
    case 'abs':
    case 'sign':
    case 'step':
    case 'floor':
    case 'toIndex': // prettier-ignore
      return a.map(unaries[operation.kind]!);
    case 'leakyRelu':
      return a.map((x) => (x > 0 ? x : operation.slope * x));
    case 'leakyGate':
      return b.map((t, at) => (a[at]! > 0 ? t : operation.slope * t));
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'minimum':
    case 'equal': // prettier-ignore
      return fill((index) =>
        binaries[operation.kind]!(broadcastAt(a, shapeA, index), broadcastAt(b, shapeB, index)),
      );
    case 'sum':
      return addTo((index) => index.map((at, axis) => (operation.axes.includes(axis) ? 0 : at)));
    case 'mean':
      addTo((index) => index.map((at, axis) => (operation.axes.includes(axis) ? 0 : at)));
      return out.map((total) => (total * sizeOf(y.shape)) / sizeOf(shapeA));
    case 'max':
      out.fill(-Infinity);
      forEachIndex(shapeA, (index, flat) => {
        const at = flatOf(y.shape, index.map((i, axis) => (operation.axes.includes(axis) ? 0 : i))); // prettier-ignore
        out[at] = Math.max(out[at]!, a[flat]!);
      });
      return out;
    case 'standardize':
    case 'inverseDeviation': {
      const rows = shapeA[0]! * shapeA[1]!;
      const pixels = a.length / rows;
      for (let row = 0; row < rows; row++) {
        const values = a.subarray(row * pixels, (row + 1) * pixels);
        const mean = values.reduce((total, x) => total + x, 0) / pixels;
        const variance = values.reduce((total, x) => total + (x - mean) ** 2, 0) / pixels;
        const inverse = 1 / Math.sqrt(variance + operation.epsilon);
        if (operation.kind === 'inverseDeviation') out[row] = inverse;
        else values.forEach((x, at) => (out[row * pixels + at] = (x - mean) * inverse));
      }
      return out;
    }
    case 'matmul':
      return fill((index) => {
        const [row, column] = index.slice(-2) as [number, number];
        const batch = index.slice(0, -2);
        let total = 0;
        for (let k = 0; k < shapeA.at(-1)!; k++)
          total += a[flatOf(shapeA, [...batch, row, k])]! * b[flatOf(shapeB, [...batch, k, column])]!;
        return total;
      });
    case 'conv2d':
      forEachTap(shapeA, shapeB, y.shape, operation, (x, w, at) => (out[at]! += a[x]! * b[w]!));
      return out;
    case 'conv2dInputGradient':
      forEachTap(y.shape, shapeB, shapeA, operation, (at, w, dy) => (out[at]! += a[dy]! * b[w]!));
      return out;
    case 'conv2dFilterGradient':
      forEachTap(shapeA, y.shape, shapeB, operation, (x, at, dy) => (out[at]! += a[x]! * b[dy]!));
      return out;
    case 'pad':
      return addTo((index) =>
        index.map((at, axis) => operation.before[axis]! + at * (1 + operation.interior[axis]!)),
      );
    case 'slice':
      return fill((index) => a[flatOf(shapeA, index.map((at, axis) => operation.starts[axis]! + at * operation.steps[axis]!))]!); // prettier-ignore
    case 'reflectPad':
    case 'reflectFold': {
      const [top, left] = operation.padding;
      const inner = operation.kind === 'reflectPad' ? shapeA : y.shape;
      const source = ([n, c, row, column]: number[]): number[] => [
        n!, c!, mirrored(row!, top, inner[2]!), mirrored(column!, left, inner[3]!),
      ]; // prettier-ignore
      return operation.kind === 'reflectFold'
        ? addTo(source)
        : fill((index) => a[flatOf(shapeA, source(index))]!);
    }
    case 'concat': {
      let offset = 0;
      inputs.forEach((part, operand) => {
        forEachIndex(shapes[operand]!, (index, flat) => {
          const target = index.map((at, axis) => (axis === operation.axis ? at + offset : at));
          out[flatOf(y.shape, target)] = part[flat]!;
        });
        offset += shapes[operand]![operation.axis]!;
      });
      return out;
    }
    case 'reshape':
      return a.slice();
    case 'transpose':
      return addTo((index) => operation.permutation.map((axis) => index[axis]!));
    case 'broadcast':
      return fill((index) => broadcastAt(a, shapeA, index));
    case 'gather':
      return fill((index) => a[flatOf(shapeA, index.map((at, axis) => (axis === operation.axis ? b[at]! : at)))]!); // prettier-ignore
    case 'scatterAdd':
      return addTo((index) => index.map((at, axis) => (axis === operation.axis ? b[at]! : at)));
  }
}

/** Values of `outputs` for fed inputs, in float64. */
export function referenceEvaluate(outputs: readonly Tensor[], feeds: Feeds): Values[] {
  const values = new Map<Tensor, Values>();
  for (const tensor of ancestors(outputs)) {
    const { operation } = tensor;
    const inputs = tensor.inputs.map((input) => values.get(input)!);
    const value =
      operation.kind === 'input'
        ? Float64Array.from(feeds[operation.name]!)
        : evaluateOne(operation, tensor, inputs);
    values.set(tensor, value);
  }
  return outputs.map((output) => values.get(output)!);
}

/** Central difference of `outputs` when the named inputs move along `directions`, in float64. */
export function finiteDifference(
  outputs: readonly Tensor[],
  feeds: Feeds,
  directions: Feeds,
  h = 1e-5,
): Values[] {
  const moved = (by: number): Feeds => ({
    ...feeds,
    ...Object.fromEntries(
      Object.entries(directions).map(([name, direction]) => [
        name,
        Float64Array.from(feeds[name]!, (value, at) => value + by * direction[at]!),
      ]),
    ),
  });
  const [ahead, behind] = [referenceEvaluate(outputs, moved(h)), referenceEvaluate(outputs, moved(-h))];
  return ahead.map((values, at) => values.map((value, i) => (value - behind[at]![i]!) / (2 * h)));
}
