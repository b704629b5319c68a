import type { Feed } from '../executor.ts';
import { formatShape, sameShape, sizeOf, type Tensor } from '../tensor.ts';

/** The value fed for the input `name` of a graph. Throws a RangeError when it is missing or has another shape or type. */
export function checkFeed(name: string, tensor: Tensor, feed: Feed | undefined): Feed {
  if (feed === undefined) throw new RangeError(`The input ${name} is not fed.`);
  const isHandle = !(feed instanceof Float32Array || feed instanceof Int32Array);
  const dtype = feed instanceof Int32Array ? 'int32' : 'float32';
  if (dtype !== tensor.dtype)
    throw new RangeError(`${name} is fed ${dtype} where ${tensor.dtype} is needed.`);
  if (isHandle && !sameShape(feed.shape, tensor.shape))
    throw new RangeError(
      `${name} is fed ${formatShape(feed.shape)} where ${formatShape(tensor.shape)} is needed.`,
    );
  if (!isHandle && feed.length !== sizeOf(tensor.shape))
    throw new RangeError(`${name} has ${feed.length} values where ${formatShape(tensor.shape)} is needed.`);
  return feed;
}
