import { describe, expect, it } from 'vitest';
import { torchCalls } from '../../../../src-main/formats/torchPickle/torchTensors.ts';
import { unpickle, type PickleValue } from '../../../../src-main/formats/torchPickle/unpickle.ts';

const calls = torchCalls(() => undefined);
const read = (pickle: string): PickleValue =>
  unpickle(
    Uint8Array.from(pickle, (character) => character.charCodeAt(0)),
    calls,
  ).value;

describe('unpickling', () => {
  it('reads numbers, texts, lists and dictionaries', () => {
    expect(read('\x80\x02K\x07.')).toBe(7);
    expect(read('\x80\x02J\xff\xff\xff\xff.')).toBe(-1);
    expect(read('\x80\x02\x8a\x01\xfe.')).toBe(-2);
    expect(read('\x80\x02G\x3f\xf8\0\0\0\0\0\0.')).toBe(1.5);
    expect(read('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.')).toBe(0x1950a86a20f9469cfc6cn);
    expect(read('\x80\x02]q\0(K\x01U\x02ab\x88N\x89e.')).toEqual([1, 'ab', true, null, false]);
    expect(read('\x80\x02}(U\x01aK\x01U\x01bK\x02u.')).toEqual(new Map([['a', 1], ['b', 2]])); // prettier-ignore
  });

  it('refuses to call what is no part of a tensor', () => {
    expect(() => read('\x80\x02cposix\nsystem\nX\x04\0\0\0echo\x85R.')).toThrow('posix.system');
    expect(() => read('\x80\x02c__builtin__\neval\nX\x01\0\0\0a\x85R.')).toThrow('__builtin__.eval');
    expect(() => read('\x80\x02cconstructor\nprototype\n)R.')).toThrow('refused');
  });

  it('refuses opcodes that tensors do not need, and other protocols', () => {
    expect(() => read('\x80\x02c__builtin__\nobject\n)\x81.')).toThrow('0x81');
    expect(() => read('\x80\x02(U\x04echoios\nsystem\n.')).toThrow('0x69');
    expect(() => read('\x80\x04K\x07.')).toThrow('protocol is 4');
  });

  it.each([
    ['an empty stack', '\x80\x02.'],
    ['a mark that was not set', '\x80\x02K\x01t.'],
    ['a tuple of values before a mark', '\x80\x02K\x01(\x85.'],
    ['a value that was not kept', '\x80\x02h\x05.'],
    ['a dictionary of odd length', '\x80\x02}(K\x01u.'],
    ['a list that is none', '\x80\x02K\x01K\x02a.'],
    ['its end', '\x80\x02X\xff\xff\0\0ab'],
  ])('refuses %s', (_, pickle) => {
    expect(() => read(pickle)).toThrow(/fit together|ends within/);
  });
});
