/**
 * The state dictionary in a PyTorch pickle: names and tensors, each a view (offset, shape) into a storage that lies elsewhere in the file.
 * Of everything a pickle could call, only the five functions that rebuild tensors are known; any other makes the file unreadable.
 */
import { PickleName, PickleObject, PickleProblem, type PickleCalls, type PickleValue } from './unpickle.ts';

/** Bytes per element of a storage, by the name of its type. */
const elementBytes: Readonly<Record<string, number>> = {
  DoubleStorage: 8,
  FloatStorage: 4,
  HalfStorage: 2,
  BFloat16Storage: 2,
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
};

export interface TorchStorage {
  readonly type: string;
  readonly key: string;
  readonly bytes: number;
}

export interface TorchTensor {
  readonly storage: TorchStorage;
  /** First element in the storage. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** Whether the elements lie one after the other, last axis fastest. */
  readonly isContiguous: boolean;
}

const rebuilders: Readonly<Record<string, (args: readonly PickleValue[]) => PickleValue>> = {
  'collections.OrderedDict': () => new Map(),
  // (storage, offset, shape, strides), and in version 2 two more that do not matter here.
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  // (tensor, requires_grad, hooks)
  'torch._utils._rebuild_parameter': ([tensor]) => tensor ?? null,
};

/** How PyTorch's pickles are read. `onStorage` hears of every storage. */
export function torchCalls(onStorage: (storage: TorchStorage) => void): PickleCalls {
  return {
    reduce(name, args) {
      const rebuild = Object.hasOwn(rebuilders, name) ? rebuilders[name] : undefined;
      if (!rebuild) throw new PickleProblem(`it calls ${name}, which is refused`);
      return rebuild(args);
    },
    persistent(id) {
      const storage = toStorage(id);
      onStorage(storage);
      return new PickleObject(storage);
    },
  };
}

/** The tensors by name. Throws a PickleProblem for what is no state dictionary. */
export function tensorsOf(value: PickleValue): Map<string, TorchTensor> {
  if (!(value instanceof Map)) throw new PickleProblem('it holds no dictionary of tensors');
  const tensors = new Map<string, TorchTensor>();
  for (const [name, held] of value) {
    if (typeof name === 'string' && held instanceof PickleObject && isTensor(held.value))
      tensors.set(name, held.value);
  }
  return tensors;
}

/** `('storage', type, key, location, count)`, and in old files None for a view. */
function toStorage(id: PickleValue): TorchStorage {
  if (!Array.isArray(id)) throw new PickleProblem('it refers to something that is no storage');
  const [kind, type, key, , count, view = null] = id;
  const name = type instanceof PickleName ? type.name.replace(/^torch\./, '') : '';
  const size = Object.hasOwn(elementBytes, name) ? elementBytes[name] : undefined;
  if (kind !== 'storage' || size === undefined || typeof key !== 'string' || !isCount(count) || view !== null)
    throw new PickleProblem('it refers to a storage of an unknown kind');
  return { type: name, key, bytes: count * size };
}

function rebuildTensor([held, offset, shape, strides]: readonly PickleValue[]): PickleValue {
  const storage = held instanceof PickleObject ? held.value : undefined;
  if (!isStorage(storage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides))
    throw new PickleProblem('it describes a tensor in an unknown way');
  let step = 1;
  let isContiguous = shape.length === strides.length;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = shape[axis] ?? 0;
    if (extent !== 1 && strides[axis] !== step) isContiguous = false;
    step *= extent;
  }
  const tensor: TorchTensor = { storage, offset, shape, isContiguous };
  return new PickleObject(tensor);
}

function isStorage(value: unknown): value is TorchStorage {
  return typeof value === 'object' && value !== null && 'key' in value;
}

function isTensor(value: unknown): value is TorchTensor {
  return typeof value === 'object' && value !== null && 'storage' in value;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every((one) => isCount(one));
}
