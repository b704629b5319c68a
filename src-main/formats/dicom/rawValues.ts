/** Texts and numbers of raw elements, read and written. */
import type { RawElement } from './rawDataSet.ts';
import { vrOf } from './vrOf.ts';

/** With a value of the basic repertoire; a sequence is emptied. */
export function withText({ tag, vr }: RawElement, text: string): RawElement {
  if (vr === 'SQ') return { tag, vr, value: { kind: 'items', items: [] } };
  const padded = text.length % 2 === 0 ? text : `${text}${vr === 'UI' || vrOf(tag) === 'UI' ? '\0' : ' '}`;
  return {
    tag,
    vr,
    value: { kind: 'bytes', bytes: Uint8Array.from(padded, (letter) => letter.charCodeAt(0)) },
  };
}

/** Every byte a letter: enough to compare by. */
const latin1 = new TextDecoder('latin1');

export function textOf(element: RawElement | undefined): string {
  if (element?.value.kind !== 'bytes') return '';
  return latin1.decode(element.value.bytes).replace(/\0+$/, '').trim();
}

/** US; 0 where there is none. */
export function shortOf(element: RawElement | undefined, bigEndian: boolean): number {
  if (element?.value.kind !== 'bytes' || element.value.bytes.length < 2) return 0;
  const { bytes } = element.value;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint16(0, !bigEndian);
}
