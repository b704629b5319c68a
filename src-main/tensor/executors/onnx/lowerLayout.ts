/** Lowers the primitives that ONNX has no single operator for: padding between elements, and folding reflected borders back. */
import { extentAt, type Padding2d, type Shape } from '../../tensor.ts';
import type { GraphBuilder } from './graphBuilder.ts';

/** Zeros before, after and between the elements of each axis of x. */
export function lowerPad(
  builder: GraphBuilder,
  x: string,
  shape: Shape,
  padding: {
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly interior: readonly number[];
  },
): string {
  let value = x;
  let extents = [...shape];
  padding.interior.forEach((zeros, axis) => {
    if (zeros === 0) return;
    // [.., e, ..] → [.., e, 1, ..] → [.., e, 1 + zeros, ..] → [.., e·(1 + zeros), ..], less the zeros after the last element.
    const extent = extentAt(extents, axis);
    const lifted = [...extents.slice(0, axis + 1), 1, ...extents.slice(axis + 1)];
    const pads = lifted.map(() => 0);
    const after = lifted.map((_, at) => (at === axis + 1 ? zeros : 0));
    const spread = builder.node('Pad', [
      builder.node('Reshape', [value, builder.integers(lifted)]),
      builder.integers([...pads, ...after]),
    ]);
    const stretched = extents.map((e, at) => (at === axis ? e * (1 + zeros) : e));
    extents = extents.map((e, at) => (at === axis ? e + (e - 1) * zeros : e));
    value = builder.node('Slice', [
      builder.node('Reshape', [spread, builder.integers(stretched)]),
      builder.integers([0]),
      builder.integers([extent + (extent - 1) * zeros]),
      builder.integers([axis]),
    ]);
  });
  if ([...padding.before, ...padding.after].every((count) => count === 0)) return value;
  return builder.node('Pad', [value, builder.integers([...padding.before, ...padding.after])]);
}

/** The adjoint of reflecting the borders of the last two axes; `shape` is y's. */
export function lowerReflectFold(
  builder: GraphBuilder,
  y: string,
  shape: Shape,
  [top, left, bottom, right]: Padding2d,
): string {
  const rows = foldAxis(builder, y, extentAt(shape, 2), 2, top, bottom);
  return foldAxis(builder, rows, extentAt(shape, 3), 3, left, right);
}

/** Element i of the middle gets, besides its own, what its mirror images in the `before` and `after` borders hold. */
function foldAxis(
  builder: GraphBuilder,
  y: string,
  extent: number,
  axis: number,
  before: number,
  after: number,
): string {
  const inner = extent - before - after;
  const cut = (from: number, count: number): string =>
    builder.node('Slice', [
      y,
      builder.integers([from]),
      builder.integers([from + count]),
      builder.integers([axis]),
    ]);
  // Not a Slice with step −1: WebGPU's (ONNX Runtime 1.30) goes wrong where it has to run through element 0.
  const mirrored = (from: number, count: number): string => {
    const backwards = Array.from({ length: count }, (_, at) => from + count - 1 - at);
    return builder.node('Gather', [y, builder.integers(backwards)], { axis });
  };
  if (inner >= before + after + 2) {
    // The mirrored parts do not meet: one concatenation of untouched and folded stretches.
    const parts = [cut(before, 1)];
    if (before > 0) parts.push(builder.node('Add', [cut(before + 1, before), mirrored(0, before)]));
    parts.push(cut(2 * before + 1, inner - before - after - 2));
    if (after > 0) {
      const folded = mirrored(before + inner, after);
      parts.push(builder.node('Add', [cut(before + inner - 1 - after, after), folded]));
    }
    parts.push(cut(before + inner - 1, 1));
    const kept = inner === before + after + 2 ? parts.filter((_, at) => at !== (before > 0 ? 2 : 1)) : parts;
    return builder.node('Concat', kept, { axis });
  }
  const placed = (part: string, start: number, count: number): string => {
    const pads = [0, 0, 0, 0, 0, 0, 0, 0];
    pads[axis] = start;
    pads[axis + 4] = inner - start - count;
    return builder.node('Pad', [part, builder.integers(pads)]);
  };
  let sum = cut(before, inner);
  if (before > 0) sum = builder.node('Add', [sum, placed(mirrored(0, before), 1, before)]);
  if (after > 0) {
    const part = placed(mirrored(before + inner, after), inner - 1 - after, after);
    sum = builder.node('Add', [sum, part]);
  }
  return sum;
}
