/**
 * Writes a DICOM file (PS3.10, Explicit VR Little Endian unless told, texts in UTF-8) from attributes by their standard keyword.
 *
 * dcmjs does the encoding. It would drop an unknown keyword and cut off a long value with nothing but a line on the console;
 * here the first throws, and callers hand over decimal strings from `decimalString` and texts within their limits.
 */
import dcmjs from 'dcmjs';
import { explicitLittleEndian, type implicitLittleEndian } from './transferSyntaxes.ts';

export type AttributeValue =
  string | number | readonly (string | number)[] | ArrayBuffer | readonly Attributes[];
export interface Attributes {
  readonly [keyword: string]: AttributeValue;
}

/** Names the software that wrote a file or speaks on the network; a fixed UUID-derived UID. */
export const implementationClassUid = '2.25.249369619843912593831687243490956698862';
export const implementationVersionName = 'ILIUM_0_1';

/**
 * The bytes of one file. Throws a RangeError for a keyword that is not in the standard's dictionary. Implicit VR is for values beyond
 * 64 KiB: explicit VR has 16 bits for the length of most.
 */
export function encodePart10(
  attributes: Attributes,
  transferSyntaxUid: typeof explicitLittleEndian | typeof implicitLittleEndian = explicitLittleEndian,
): Uint8Array {
  const { DicomMetaDictionary, DicomDict } = dcmjs.data;
  checkKeywords(attributes, DicomMetaDictionary.nameMap);
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
    MediaStorageSOPClassUID: attributes.SOPClassUID,
    MediaStorageSOPInstanceUID: attributes.SOPInstanceUID,
    TransferSyntaxUID: transferSyntaxUid,
    ImplementationClassUID: implementationClassUid,
    ImplementationVersionName: implementationVersionName,
  });
  const file = new DicomDict(meta);
  const dataSet = { SpecificCharacterSet: 'ISO_IR 192', ...attributes, _vrMap: { PixelData: 'OW' } };
  file.dict = DicomMetaDictionary.denaturalizeDataset(dataSet);
  return new Uint8Array(file.write());
}

function checkKeywords(attributes: Attributes, known: Readonly<Record<string, unknown>>): void {
  for (const [keyword, value] of Object.entries(attributes)) {
    if (!(keyword in known)) throw new RangeError(`${keyword} is no DICOM keyword.`);
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object') checkKeywords(item as Attributes, known);
    }
  }
}
