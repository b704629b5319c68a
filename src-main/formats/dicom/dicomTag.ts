import dcmjs from 'dcmjs';

/** The tag of a standard keyword as `(0010,0010)`. Throws a RangeError for a keyword that is not in the standard's dictionary. */
export function dicomTag(keyword: string): string {
  const tag = dcmjs.data.DicomMetaDictionary.nameMap[keyword]?.tag;
  if (tag === undefined) throw new RangeError(`${keyword} is no DICOM keyword.`);
  return tag;
}
