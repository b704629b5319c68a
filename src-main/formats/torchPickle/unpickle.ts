/**
 * Reads a Python pickle without running anything: the opcodes that PyTorch writes (protocol 2), and no other. A pickle names functions
 * and calls them; here a name stays a name, and a call goes to the caller's `reduce`, which knows a few by heart and refuses the rest.
 * An object's state (BUILD) is dropped. Source: Python's `pickletools`.
 */

/** A name such as `torch.FloatStorage`. */
export class PickleName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Whatever the caller made of a call or of a persistent id. */
export class PickleObject {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** A pickled value; tuples and lists are arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleName
  | PickleObject
  | PickleValue[]
  | Map<PickleValue, PickleValue>;

export interface PickleCalls {
  /** The value of `name(...args)`. Throws for a name that is not allowed. */
  readonly reduce: (name: string, args: readonly PickleValue[]) => PickleValue;
  /** The value that a persistent id stands for. */
  readonly persistent: (id: PickleValue) => PickleValue;
}

/** Why a pickle cannot be read; the caller adds the file. */
export class PickleProblem extends Error {}

/** Reads one pickle of `bytes` from `start`; `end` is where it ends. Throws a PickleProblem. */
export function unpickle(
  bytes: Uint8Array,
  calls: PickleCalls,
  start = 0,
): { readonly value: PickleValue; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const memo = new Map<number, PickleValue>();
  const stack: PickleValue[] = [];
  /** How high the stack was at each mark that is still open. */
  const marks: number[] = [];
  let at = start;

  const advance = (count: number): number => {
    const from = at;
    if (from + count > bytes.length) throw new PickleProblem('it ends within a pickle');
    at += count;
    return from;
  };
  const byte = (): number => view.getUint8(advance(1));
  const long = (): number => view.getUint32(advance(4), true);
  const text = (length: number): string => {
    const from = advance(length);
    return new TextDecoder().decode(bytes.subarray(from, from + length));
  };
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw new PickleProblem('it ends within a name');
    const found = text(end - at);
    at = end + 1;
    return found;
  };
  const pop = (): PickleValue => {
    const value = stack.pop();
    if (value === undefined || stack.length < (marks.at(-1) ?? 0)) throw unsound();
    return value;
  };
  const popMany = (count: number): PickleValue[] => Array.from({ length: count }, pop).reverse();
  const popToMark = (): PickleValue[] => {
    const height = marks.pop();
    if (height === undefined) throw unsound();
    return stack.splice(height);
  };
  const push = (value: PickleValue): void => {
    stack.push(value);
  };
  const remember = (key: number): void => {
    const top = stack.at(-1);
    if (top === undefined) throw unsound();
    memo.set(key, top);
  };
  const recall = (key: number): void => {
    const value = memo.get(key);
    if (value === undefined) throw unsound();
    push(value);
  };
  const extend = (items: readonly PickleValue[]): void => {
    const list = stack.at(-1);
    if (!Array.isArray(list)) throw unsound();
    for (const item of items) list.push(item);
  };
  const setItems = (pairs: readonly PickleValue[]): void => {
    const dictionary = stack.at(-1);
    if (!(dictionary instanceof Map) || pairs.length % 2 === 1) throw unsound();
    for (let pair = 0; pair < pairs.length; pair += 2)
      dictionary.set(pairs[pair] ?? null, pairs[pair + 1] ?? null);
  };
  const reduce = (): void => {
    const args = pop();
    const callee = pop();
    if (!(callee instanceof PickleName) || !Array.isArray(args)) throw unsound();
    push(calls.reduce(callee.name, args));
  };

  const actions: Readonly<Record<string, () => void>> = {
    '\x80': () => {
      const protocol = byte();
      if (protocol !== 2) throw new PickleProblem(`its pickle protocol is ${protocol}, not 2`);
    },
    '(': () => marks.push(stack.length),
    '}': () => push(new Map()),
    ']': () => push([]),
    ')': () => push([]),
    t: () => push(popToMark()),
    '\x85': () => push(popMany(1)),
    '\x86': () => push(popMany(2)),
    '\x87': () => push(popMany(3)),
    N: () => push(null),
    '\x88': () => push(true),
    '\x89': () => push(false),
    K: () => push(byte()),
    M: () => push(view.getUint16(advance(2), true)),
    J: () => push(view.getInt32(advance(4), true)),
    '\x8a': () => {
      const length = byte();
      push(signed(bytes.subarray(advance(length), at)));
    },
    G: () => push(view.getFloat64(advance(8))),
    X: () => push(text(long())),
    T: () => push(text(long())),
    U: () => push(text(byte())),
    c: () => push(new PickleName(`${line()}.${line()}`)),
    q: () => remember(byte()),
    r: () => remember(long()),
    h: () => recall(byte()),
    j: () => recall(long()),
    a: () => extend(popMany(1)),
    e: () => extend(popToMark()),
    s: () => setItems(popMany(2)),
    u: () => setItems(popToMark()),
    Q: () => push(calls.persistent(pop())),
    R: reduce,
    b: () => void pop(),
  };

  for (;;) {
    const opcode = String.fromCharCode(byte());
    if (opcode === '.') return { value: pop(), end: at };
    const act = Object.hasOwn(actions, opcode) ? actions[opcode] : undefined;
    if (!act) {
      const code = opcode.charCodeAt(0).toString(16);
      throw new PickleProblem(`it uses the pickle opcode 0x${code}, which tensors do not need`);
    }
    act();
  }
}

function unsound(): PickleProblem {
  return new PickleProblem('its pickle does not fit together');
}

/** Two's complement, little-endian: a number where it is exact, else a bigint. */
function signed(bytes: Uint8Array): number | bigint {
  let value = 0n;
  bytes.forEach((one, place) => (value |= BigInt(one) << BigInt(8 * place)));
  if ((bytes.at(-1) ?? 0) > 127) value -= 1n << BigInt(8 * bytes.length);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
