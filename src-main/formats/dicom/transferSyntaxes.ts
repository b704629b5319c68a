/** The transfer syntaxes this reader knows, by UID (DICOM PS3.5 section 10, PS3.6 annex A). */
export interface TransferSyntax {
  readonly name: string;
  /** Whether its pixel data can be read here; compressed and deflated ones are only named. */
  readonly readable: boolean;
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

const littleEndian = { readable: true, explicitVr: true, bigEndian: false };
const compressed = { readable: false, explicitVr: true, bigEndian: false };

export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const explicitBigEndian = '1.2.840.10008.1.2.2';

export const transferSyntaxes: ReadonlyMap<string, TransferSyntax> = new Map([
  [implicitLittleEndian, { ...littleEndian, name: 'Implicit VR Little Endian', explicitVr: false }],
  [explicitLittleEndian, { ...littleEndian, name: 'Explicit VR Little Endian' }],
  [explicitBigEndian, { ...littleEndian, name: 'Explicit VR Big Endian', bigEndian: true }],
  ['1.2.840.10008.1.2.1.99', { ...compressed, name: 'Deflated Explicit VR Little Endian' }],
  ['1.2.840.10008.1.2.4.50', { ...compressed, name: 'JPEG Baseline' }],
  ['1.2.840.10008.1.2.4.51', { ...compressed, name: 'JPEG Extended' }],
  ['1.2.840.10008.1.2.4.57', { ...compressed, name: 'JPEG Lossless' }],
  ['1.2.840.10008.1.2.4.70', { ...compressed, name: 'JPEG Lossless SV1' }],
  ['1.2.840.10008.1.2.4.80', { ...compressed, name: 'JPEG-LS Lossless' }],
  ['1.2.840.10008.1.2.4.81', { ...compressed, name: 'JPEG-LS Near-lossless' }],
  ['1.2.840.10008.1.2.4.90', { ...compressed, name: 'JPEG 2000 Lossless' }],
  ['1.2.840.10008.1.2.4.91', { ...compressed, name: 'JPEG 2000' }],
  ['1.2.840.10008.1.2.4.201', { ...compressed, name: 'HTJ2K Lossless' }],
  ['1.2.840.10008.1.2.4.202', { ...compressed, name: 'HTJ2K Lossless RPCL' }],
  ['1.2.840.10008.1.2.4.203', { ...compressed, name: 'HTJ2K' }],
  ['1.2.840.10008.1.2.5', { ...compressed, name: 'RLE Lossless' }],
]);
