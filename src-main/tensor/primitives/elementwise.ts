/**
 * Elementwise primitives. Binary ones broadcast by numpy's rule; a number stands for a scalar constant.
 */
import { scalar } from './leaves.ts';
import {
  broadcastShapes,
  makeTensor,
  sameShape,
  type Shape,
  type BinaryKind,
  type Tensor,
  type UnaryKind,
} from '../tensor.ts';

export type Operand = Tensor | number;

function unary(kind: UnaryKind): (x: Tensor) => Tensor {
  return (x) => makeTensor({ kind }, [x], x.shape);
}

/** What `operand` was broadcast from, where the other operand alone already gives the result its shape: no need to write it out. */
function unbroadcast(operand: Tensor, other: Tensor, shape: Shape): Tensor {
  const [source] = operand.inputs;
  return operand.operation.kind === 'broadcast' && source && sameShape(other.shape, shape) ? source : operand;
}

function binary(kind: BinaryKind): (a: Operand, b: Operand) => Tensor {
  return (a, b) => {
    const left = typeof a === 'number' ? scalar(a) : a;
    const right = typeof b === 'number' ? scalar(b) : b;
    const shape = broadcastShapes(left.shape, right.shape);
    return makeTensor({ kind }, [unbroadcast(left, right, shape), unbroadcast(right, left, shape)], shape);
  };
}

export const negate = unary('negate');
export const exp = unary('exp');
export const log = unary('log');
export const sqrt = unary('sqrt');
export const reciprocal = unary('reciprocal');
export const tanh = unary('tanh');
export const sigmoid = unary('sigmoid');
export const abs = unary('abs');
/** −1, 0 or 1; derivative zero. */
export const sign = unary('sign');
/** 1 where x > 0, else 0; derivative zero. */
export const step = unary('step');
/** The largest whole number not above x; derivative zero. */
export const floor = unary('floor');

export const add = binary('add');
export const subtract = binary('subtract');
export const multiply = binary('multiply');
export const divide = binary('divide');
/** The larger of both; where they tie, the derivative is the first one's. */
export const maximum = binary('maximum');
/** The smaller of both; where they tie, the derivative is the first one's. */
export const minimum = binary('minimum');
/** 1 where both agree, else 0; derivative zero. */
export const equal = binary('equal');

function checkSlope(slope: number): void {
  if (!(slope >= 0 && slope <= 1)) throw new RangeError(`A slope lies in 0…1, ${slope} does not.`);
}

/** x where x > 0, slope·x elsewhere; slope (0…1) 0 is the ReLU. The derivative at 0 is `slope`. */
export function leakyRelu(x: Tensor, slope: number): Tensor {
  checkSlope(slope);
  return makeTensor({ kind: 'leakyRelu', slope }, [x], x.shape);
}

export function relu(x: Tensor): Tensor {
  return leakyRelu(x, 0);
}

/** t where x > 0, slope·t elsewhere (slope 0…1); both of one shape. */
export function leakyGate(x: Tensor, t: Tensor, slope: number): Tensor {
  checkSlope(slope);
  if (!sameShape(x.shape, t.shape)) throw new RangeError('leakyGate: shapes differ.');
  return makeTensor({ kind: 'leakyGate', slope }, [x, t], x.shape);
}
