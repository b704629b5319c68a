import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsTensor,
} from '../../../../src-main/formats/safetensors/safetensors.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';

function file(header: unknown, buffer: Uint8Array = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + buffer.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(buffer, 8 + json.length);
  return bytes;
}

const every = new Map<string, SafetensorsTensor>([
  ['mask', { shape: [3], data: Uint8Array.of(1, 0, 255) }],
  ['weight', { shape: [2, 2], data: Float32Array.of(1.5, -2, 0, NaN) }],
  ['scalar', { shape: [], data: Float64Array.of(Math.PI) }],
  ['none', { shape: [0, 4], data: new Float32Array() }],
  ['index', { shape: [2], data: Int32Array.of(-1, 7) }],
  ['step', { shape: [1], data: BigInt64Array.of(-9_007_199_254_740_993n) }],
]);

describe('safetensors', () => {
  it('reads back every data type, shape and metadata it wrote', () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(every, { method: 'meta' }), 'a');
    expect(metadata).toEqual({ method: 'meta' });
    expect(new Map([...tensors].sort())).toEqual(new Map([...every].sort()));
  });

  it('aligns every tensor to its own width from the start of the file', () => {
    const bytes = encodeSafetensors(every, { note: 'é' });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header: Record<string, { dtype: string; data_offsets: [number, number] }> = JSON.parse(
      new TextDecoder().decode(bytes.subarray(8, 8 + length)),
    );
    for (const [name, { data_offsets: offsets }] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      expect((8 + length + offsets[0]) % every.get(name)!.data.BYTES_PER_ELEMENT).toBe(0);
    }
  });

  it('reads unaligned files written by others', () => {
    const header = {
      b: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
      f: { dtype: 'F32', shape: [1], data_offsets: [1, 5] },
    };
    const buffer = Uint8Array.of(9, 0, 0, 0x80, 0x3f);
    const outer = new Uint8Array(3 + file(header, buffer).length);
    outer.set(file(header, buffer), 3);
    expect(decodeSafetensors(outer.subarray(3), 'a').tensors.get('f')!.data).toEqual(Float32Array.of(1));
  });

  it('widens half and bfloat16 values exactly', () => {
    const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000);
    const brain = Uint16Array.of(0x3f80, 0xc049);
    const buffer = new Uint8Array([...new Uint8Array(half.buffer), ...new Uint8Array(brain.buffer)]);
    const { tensors } = decodeSafetensors(
      file(
        {
          h: { dtype: 'F16', shape: [6], data_offsets: [0, 12] },
          b: { dtype: 'BF16', shape: [2], data_offsets: [12, 16] },
        },
        buffer,
      ),
      'a',
    );
    expect([...tensors.get('h')!.data]).toEqual([1, -2, 2 ** -24, 65504, Infinity, -0]);
    expect([...tensors.get('b')!.data]).toEqual([1, -3.140625]);
  });

  it.each([
    ['shorter than', new Uint8Array(7)],
    ['does not fit', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255)],
    ['not JSON', file('{"a":')],
    ['not an object', file('[]')],
    ['no description', file({ a: 3 })],
    ['not supported', file({ a: { dtype: 'toString', shape: [], data_offsets: [0, 0] } })],
    ['no valid shape', file({ a: { dtype: 'U8', shape: [-1], data_offsets: [0, 0] } })],
    ['no valid data offsets', file({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 0] } })],
    ['needs 8', file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4))],
    ['the buffer has 3', file({ a: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }, new Uint8Array(3))],
    ['a gap', file({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 2] } }, new Uint8Array(2))],
    [
      'an overlap',
      file(
        {
          a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] },
          b: { dtype: 'U8', shape: [2], data_offsets: [1, 3] },
        },
        new Uint8Array(3),
      ),
    ],
    ['not a string', file({ __metadata__: { a: 1 } })],
  ])('says what is wrong: %s', (reason, bytes) => {
    expect(() => decodeSafetensors(bytes, 'bad.safetensors')).toThrow(reason);
    expect(() => decodeSafetensors(bytes, 'bad.safetensors')).toThrow(AppError);
  });

  it('refuses to write a shape that does not fit its data', () => {
    expect(() => encodeSafetensors(new Map([['a', { shape: [2], data: new Float32Array(3) }]]))).toThrow(
      RangeError,
    );
  });

  it('meets truncated and mutated files with an AppError or a valid result', () => {
    const whole = encodeSafetensors(every, { note: 'x' });
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.boolean(),
        (at, value, cut) => {
          const bytes = cut ? whole.slice(0, at) : whole.slice();
          if (!cut) bytes[at] = value;
          try {
            decodeSafetensors(bytes, 'mutated');
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
