/** Getting values out of what a program returns. */
import type { DeviceTensor } from '../tensor/executor.ts';

/** The output `name`, which must be there. */
export function take(results: Readonly<Record<string, DeviceTensor>>, name: string): DeviceTensor {
  const handle = results[name];
  if (!handle) throw new RangeError(`The program has no output ${name}.`);
  return handle;
}

/** A copy of the values; the handle is disposed. */
export async function readAll(handle: DeviceTensor): Promise<Float32Array> {
  const copy = (await handle.read()).slice();
  handle.dispose();
  return copy;
}
