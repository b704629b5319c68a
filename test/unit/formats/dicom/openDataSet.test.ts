import { describe, expect, it } from 'vitest';
import { holdsHeader } from '../../../../src-main/formats/dicom/openDataSet.ts';
import { buildDicom, type BuiltSlice } from '../../../fixtures/dicomBuilder.ts';

const item = (length: number): number[] => [0xfe, 0xff, 0, 0xe0, length, 0, 0, 0];
const openItem = [0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff];
const itemEnd = [0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0];
const sequenceEnd = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
const openSequence = [0x41, 0x7f, 0x10, 0, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff];
const text = [0x08, 0, 0x3e, 0x10, 0x4c, 0x4f, 4, 0, 0x74, 0x65, 0x78, 0x74];
const withoutLength = [...openSequence, ...openItem, ...text, ...itemEnd, ...sequenceEnd];
const inItem = Uint8Array.from([...item(withoutLength.length), ...withoutLength]);

/** The file, and where its header ends: behind tag, VR and length of its pixel data. */
function imageOf(
  { extra = [], encoding = 'explicit' }: Pick<BuiltSlice, 'extra' | 'encoding'>,
  before: readonly number[] = [],
): { file: Uint8Array; end: number } {
  const built = Buffer.from(buildDicom({ extra, encoding }));
  const at = built.indexOf(Buffer.of(0xe0, 0x7f, 0x10, 0));
  const file = Buffer.concat([built.subarray(0, at), Uint8Array.from(before), built.subarray(at)]);
  return { file, end: at + before.length + (encoding === 'implicit' ? 8 : 12) };
}

describe('the beginning of a file', () => {
  it.each([
    ['explicit', imageOf({})],
    ['implicit', imageOf({ encoding: 'implicit' })],
    ['with a sequence without a length', imageOf({}, withoutLength)],
    ['with one in a sequence', imageOf({ extra: [{ tag: '00081115', vr: 'SQ', value: inItem }] })],
  ])('%s holds its header from its pixel data on and not before, wherever it is cut', (_what, image) => {
    const { file, end } = image;
    // From where its first elements tell what it is.
    for (let at = 300; at <= file.length; at++)
      expect([at, holdsHeader(file.subarray(0, at), 'a')]).toEqual([at, at >= end]);
  });
});
