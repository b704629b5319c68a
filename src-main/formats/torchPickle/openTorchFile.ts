/**
 * PyTorch's files of weights (`torch.save` of a state dictionary), read tensor by tensor: the zip archives of version 1.6 and later, and the
 * older sequence of pickles with the storages behind it. Nothing in the file is executed (see `unpickle.ts`).
 *
 * Source: `torch/serialization.py`. Old form: pickles of a magic number, a protocol version (1001), facts about the machine, the dictionary,
 * and the storages' keys in order; then each storage as a 64-bit count and its elements. Zip: `<top>/data.pkl` and `<top>/data/<key>`.
 * Limits: 32-bit floats, little-endian; the pickles within 4 MiB.
 */
import { AppError } from '../../shared/appError.ts';
import type { ByteSource } from '../../shared/byteSource.ts';
import type { TensorFile } from '../tensorFile/tensorFile.ts';
import { tensorsOf, torchCalls, type TorchStorage, type TorchTensor } from './torchTensors.ts';
import { PickleProblem, unpickle, type PickleValue } from './unpickle.ts';
import { readZipEntries } from './zipEntries.ts';

interface Contents {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** Where each storage's elements begin in the file. */
  readonly placeOf: ReadonlyMap<string, number>;
}

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;
const largestPickle = 2 ** 22;

/**
 * Whether the first nine bytes are those of a file that `openTorchFile` may read: a zip archive's or a pickle's. The length of a
 * safetensors header may begin alike, but a brace follows it.
 */
export function looksLikeTorch(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return bytes[8] !== 0x7b && (isZip(first, second) || (first === 0x80 && second === 2));
}

/** Opens `source`. Throws TORCH_FILE_INVALID. */
export async function openTorchFile(source: ByteSource): Promise<TensorFile> {
  const path = source.name;
  try {
    const [first, second] = await source.read(0, Math.min(2, source.size));
    const { tensors, placeOf } = await (isZip(first, second) ? readZip(source) : readOldForm(source));
    return {
      shapes: new Map([...tensors].map(([name, { shape }]) => [name, shape])),
      async read(name) {
        const tensor = tensors.get(name);
        if (!tensor) throw new AppError('TENSOR_MISSING', { path, name });
        try {
          return await readTensor(source, name, tensor, placeOf.get(tensor.storage.key));
        } catch (error) {
          throw withPath(error, path);
        }
      },
    };
  } catch (error) {
    throw withPath(error, path);
  }
}

function isZip(first: number | undefined, second: number | undefined): boolean {
  return first === 0x50 && second === 0x4b;
}

function withPath(error: unknown, path: string): unknown {
  return error instanceof PickleProblem
    ? new AppError('TORCH_FILE_INVALID', { path, reason: error.message }, { cause: error })
    : error;
}

async function readTensor(
  source: ByteSource,
  name: string,
  { storage, offset, shape, isContiguous }: TorchTensor,
  place: number | undefined,
): Promise<Float32Array> {
  if (storage.type !== 'FloatStorage')
    throw new PickleProblem(`${name} is a ${storage.type}, not of 32-bit floats`);
  if (!isContiguous) throw new PickleProblem(`the values of ${name} do not lie one after the other`);
  const length = 4 * shape.reduce((count, extent) => count * extent, 1);
  const begin = 4 * offset;
  if (place === undefined || begin + length > storage.bytes || place + begin + length > source.size)
    throw new PickleProblem(`it ends before the values of ${name}`);
  return new Float32Array((await source.read(place + begin, length)).buffer);
}

async function readOldForm(source: ByteSource): Promise<Contents> {
  const bytes = await source.read(0, Math.min(source.size, largestPickle));
  const storages = new Map<string, TorchStorage>();
  const calls = torchCalls((storage) => storages.set(storage.key, storage));
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(bytes, calls, at);
    at = end;
    return value;
  };
  if (next() !== magicNumber) throw new PickleProblem('it is no file of torch.save');
  if (next() !== protocolVersion) throw new PickleProblem('its protocol is not 1001');
  const machine = next();
  if (!(machine instanceof Map) || machine.get('little_endian') !== true)
    throw new PickleProblem('it was not written on a little-endian machine');
  const tensors = tensorsOf(next());
  const keys = next();
  if (!Array.isArray(keys)) throw new PickleProblem('it does not list its storages');
  const placeOf = new Map<string, number>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) throw new PickleProblem('it lists a storage that no tensor uses');
    placeOf.set(storage.key, at + 8);
    at += 8 + storage.bytes;
  }
  return { tensors, placeOf };
}

async function readZip(source: ByteSource): Promise<Contents> {
  const entries = await readZipEntries(source);
  const pickle = [...entries].find(([name]) => name.endsWith('/data.pkl'));
  if (!pickle) throw new PickleProblem('the archive holds no data.pkl');
  const [name, { at, size }] = pickle;
  if (size > largestPickle) throw new PickleProblem('its description is longer than 4 MiB');
  const storages = new Map<string, TorchStorage>();
  const calls = torchCalls((storage) => storages.set(storage.key, storage));
  const tensors = tensorsOf(unpickle(await source.read(await at(), size), calls).value);
  const top = name.slice(0, -'data.pkl'.length);
  const order = entries.get(`${top}byteorder`);
  if (order && new TextDecoder().decode(await source.read(await order.at(), order.size)) !== 'little')
    throw new PickleProblem('it was not written on a little-endian machine');
  const placeOf = new Map<string, number>();
  for (const { key, bytes } of storages.values()) {
    const entry = entries.get(`${top}data/${key}`);
    if (entry?.size !== bytes) throw new PickleProblem(`the archive lacks the storage ${key}`);
    placeOf.set(key, await entry.at());
  }
  return { tensors, placeOf };
}
