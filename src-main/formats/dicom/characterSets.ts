/**
 * Decoding of DICOM texts (DICOM PS3.3 C.12.1.1.2 Specific Character Set) to Unicode through the platform's decoders.
 *
 * Limits: with ISO 2022 code extensions the last named set decides and its escape sequences are dropped, which is right for
 * the Japanese, Korean and Chinese repertoires in practice; an unknown set is read as Latin-1, so that nothing is lost.
 */
const encodings: ReadonlyMap<string, string> = new Map([
  ['', 'latin1'],
  ['ISO_IR 6', 'latin1'],
  ['ISO_IR 100', 'latin1'],
  ['ISO_IR 101', 'iso-8859-2'],
  ['ISO_IR 109', 'iso-8859-3'],
  ['ISO_IR 110', 'iso-8859-4'],
  ['ISO_IR 144', 'iso-8859-5'],
  ['ISO_IR 127', 'iso-8859-6'],
  ['ISO_IR 126', 'iso-8859-7'],
  ['ISO_IR 138', 'iso-8859-8'],
  ['ISO_IR 148', 'windows-1254'],
  ['ISO_IR 203', 'iso-8859-15'],
  ['ISO_IR 166', 'windows-874'],
  ['ISO_IR 13', 'shift-jis'],
  ['ISO_IR 192', 'utf-8'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gb18030'],
  ['ISO 2022 IR 87', 'iso-2022-jp'],
  ['ISO 2022 IR 149', 'euc-kr'],
  ['ISO 2022 IR 58', 'gb18030'],
]);

/** The decoder for a Specific Character Set value (its backslash-separated text, possibly empty). */
export function createTextDecoder(specificCharacterSet: string): (bytes: Uint8Array) => string {
  const last = specificCharacterSet.split('\\').at(-1)?.trim() ?? '';
  const encoding = encodings.get(last) ?? encodings.get(last.replace('ISO 2022 IR', 'ISO_IR')) ?? 'latin1';
  const decoder = new TextDecoder(encoding);
  // eslint-disable-next-line no-control-regex -- ISO 2022 escape sequences are control characters
  const escapeSequences = /\u001b[\u0020-\u002f]+[\u0030-\u007e]/g;
  return (bytes) => decoder.decode(bytes).replace(escapeSequences, '');
}
