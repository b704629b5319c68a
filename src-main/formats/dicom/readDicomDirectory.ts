/** The files a DICOMDIR names (DICOM PS3.3 F.3.2: Referenced File ID; PS3.10 section 8.2: at most eight components). */
import { guardParser, openDataSet } from './openDataSet.ts';

/** Paths as their components, relative to the DICOMDIR's folder. Throws what `openDataSet` throws. */
export function readDicomDirectory(bytes: Uint8Array, name: string): (readonly string[])[] {
  const { dataSet } = openDataSet(bytes, name);
  return guardParser(name, true, () => {
    const records = dataSet.elements['x00041220']?.items ?? [];
    return records.flatMap(({ dataSet: record }) => {
      const components =
        record
          ?.string('x00041500')
          ?.split('\\')
          .map((part) => part.trim()) ?? [];
      const isPlain =
        components.length > 0 &&
        components.every((part) => /^[A-Za-z0-9_.-]+$/.test(part) && !/^\.+$/.test(part));
      return isPlain ? [components] : [];
    });
  });
}
