/** The transfer syntaxes read here, by UID (DICOM PS3.5 section 10, PS3.6 annex A). */
export type Codec = 'rle' | 'jpegSequential' | 'jpegLossless' | 'jpegLs' | 'jpeg2000' | 'htj2k';

export interface TransferSyntax {
  readonly name: string;
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
  /** The whole data set is one deflate stream. */
  readonly deflated: boolean;
  /** How frames are compressed; absent where pixels lie as they are. */
  readonly codec?: Codec;
}

const plain = { explicitVr: true, bigEndian: false, deflated: false };

export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const explicitBigEndian = '1.2.840.10008.1.2.2';

export const transferSyntaxes: ReadonlyMap<string, TransferSyntax> = new Map<string, TransferSyntax>([
  [implicitLittleEndian, { ...plain, name: 'Implicit VR Little Endian', explicitVr: false }],
  [explicitLittleEndian, { ...plain, name: 'Explicit VR Little Endian' }],
  [explicitBigEndian, { ...plain, name: 'Explicit VR Big Endian', bigEndian: true }],
  ['1.2.840.10008.1.2.1.99', { ...plain, name: 'Deflated Explicit VR Little Endian', deflated: true }],
  ['1.2.840.10008.1.2.5', { ...plain, name: 'RLE Lossless', codec: 'rle' }],
  ['1.2.840.10008.1.2.4.50', { ...plain, name: 'JPEG Baseline', codec: 'jpegSequential' }],
  ['1.2.840.10008.1.2.4.51', { ...plain, name: 'JPEG Extended', codec: 'jpegSequential' }],
  ['1.2.840.10008.1.2.4.57', { ...plain, name: 'JPEG Lossless', codec: 'jpegLossless' }],
  ['1.2.840.10008.1.2.4.70', { ...plain, name: 'JPEG Lossless SV1', codec: 'jpegLossless' }],
  ['1.2.840.10008.1.2.4.80', { ...plain, name: 'JPEG-LS Lossless', codec: 'jpegLs' }],
  ['1.2.840.10008.1.2.4.81', { ...plain, name: 'JPEG-LS Near-lossless', codec: 'jpegLs' }],
  ['1.2.840.10008.1.2.4.90', { ...plain, name: 'JPEG 2000 Lossless', codec: 'jpeg2000' }],
  ['1.2.840.10008.1.2.4.91', { ...plain, name: 'JPEG 2000', codec: 'jpeg2000' }],
  ['1.2.840.10008.1.2.4.201', { ...plain, name: 'HTJ2K Lossless', codec: 'htj2k' }],
  ['1.2.840.10008.1.2.4.202', { ...plain, name: 'HTJ2K Lossless RPCL', codec: 'htj2k' }],
  ['1.2.840.10008.1.2.4.203', { ...plain, name: 'HTJ2K', codec: 'htj2k' }],
]);
