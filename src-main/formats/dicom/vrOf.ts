import dcmjs from 'dcmjs';

const byTag: ReadonlyMap<number, string> = new Map(
  Object.values(dcmjs.data.DicomMetaDictionary.nameMap).flatMap((entry) => {
    const number = entry && /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/i.exec(entry.tag);
    return number ? [[Number.parseInt(`${number[1] ?? ''}${number[2] ?? ''}`, 16), entry.vr] as const] : [];
  }),
);

/** The VR of a standard attribute by its tag (`group << 16 | element`), OW for ox and US for xs; undefined for what the standard does not know. */
export function vrOf(tag: number): string | undefined {
  const vr = byTag.get(tag);
  return vr === 'ox' ? 'OW' : vr === 'xs' ? 'US' : vr;
}
