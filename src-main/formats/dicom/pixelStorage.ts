/**
 * How the pixels of an image lie in its file.
 *
 * Source: DICOM PS3.3 C.7.6.3 (Image Pixel), C.7.5.1.1.2 (padding), PS3.5 section 8. Limits: one sample per pixel, 8 or 16 bits
 * allocated, no Modality LUT Sequence, no floating point pixels. MONOCHROME1 and MONOCHROME2 differ in how values are shown and
 * not in the values (C.7.6.3.1.2), so both are read alike.
 */
import { AppError } from '../../shared/appError.ts';
import type { DataSet } from './dicomParser.ts';
import { pixelDataTag, type OpenedDataSet } from './openDataSet.ts';
import type { Codec } from './transferSyntaxes.ts';

/** Everything about an image's pixels that all its frames share. */
export interface PixelStorage {
  /** Of the pixel data in the data set's bytes (of a deflated file: inflated). */
  readonly dataOffset: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly bigEndian: boolean;
  /** How frames are compressed; absent where they lie one behind the other as they are. */
  readonly codec?: Codec;
  /** Stored values from `first` to `last` are padding (PixelPaddingValue, PixelPaddingRangeLimit). */
  readonly padding?: { readonly first: number; readonly last: number };
}

/**
 * Reads the pixel module of an image with `pixelCount` pixels in all frames. `fileSize`: bytes of the whole data set, of which only the
 * beginning need be there. Throws DICOM_UNSUPPORTED or DICOM_TRUNCATED.
 */
export function readPixelStorage(
  { dataSet, transferSyntax }: OpenedDataSet,
  pixelCount: number,
  fileSize: number,
  name: string,
): PixelStorage {
  const unsupported = (reason: string): AppError => new AppError('DICOM_UNSUPPORTED', { path: name, reason });
  const samples = dataSet.uint16('x00280002') ?? 1;
  if (samples !== 1) throw unsupported(`it has ${samples} samples per pixel`);
  const shown = dataSet.string('x00280004')?.trim() ?? '';
  if (shown !== '' && !/^MONOCHROME[12]$/.test(shown)) throw unsupported('its pixels are no grey values');
  if (dataSet.elements['x7fe00008'] || dataSet.elements['x7fe00009'])
    throw unsupported('its pixels are floating point numbers');
  const bitsAllocated = dataSet.uint16('x00280100') ?? 0;
  if (bitsAllocated !== 8 && bitsAllocated !== 16)
    throw unsupported(`it has ${bitsAllocated} bits per pixel`);
  if (dataSet.elements['x00283000']?.items?.length) throw unsupported('it has a Modality LUT');
  const bitsStored = dataSet.uint16('x00280101') ?? bitsAllocated;
  const highBit = dataSet.uint16('x00280102') ?? bitsStored - 1;
  if (bitsStored < 1 || highBit >= bitsAllocated || highBit < bitsStored - 1)
    throw unsupported('its bit layout is not valid');

  const element = dataSet.elements[pixelDataTag];
  if (!element) throw new AppError('DICOM_TRUNCATED', { path: name, reason: 'it has no pixel data' });
  const { codec, bigEndian } = transferSyntax;
  if ((codec !== undefined) !== (element.hadUndefinedLength ?? false)) {
    throw unsupported(
      codec === undefined
        ? 'its pixel data are encapsulated'
        : `its pixel data are not encapsulated, as ${transferSyntax.name} asks`,
    );
  }
  // 8-bit pixels travel in 16-bit words (OW), whose bytes a big endian file swaps (PS3.5 8.1.2).
  const swapped = bigEndian && (bitsAllocated === 16 || element.vr === 'OW');
  if (codec === undefined) {
    const needed = (pixelCount * bitsAllocated) / 8 + (swapped && bitsAllocated === 8 ? pixelCount % 2 : 0);
    const present = Math.min(element.length, fileSize - element.dataOffset);
    if (present < needed) {
      const reason = `${Math.max(present, 0)} of ${needed} bytes of pixel data are there`;
      throw new AppError('DICOM_TRUNCATED', { path: name, reason });
    }
  }
  const signed = dataSet.uint16('x00280103') === 1;
  const padding = readPadding(dataSet, signed);
  return {
    dataOffset: element.dataOffset,
    bitsAllocated,
    bitsStored,
    highBit,
    signed,
    bigEndian: swapped,
    ...(codec === undefined ? {} : { codec }),
    ...(padding === undefined ? {} : { padding }),
  };
}

function readPadding(dataSet: DataSet, signed: boolean): PixelStorage['padding'] {
  const stored = (tag: string): number | undefined => (signed ? dataSet.int16(tag) : dataSet.uint16(tag));
  const padding = stored('x00280120');
  const limit = stored('x00280121') ?? padding;
  if (padding === undefined || limit === undefined) return undefined;
  return { first: Math.min(padding, limit), last: Math.max(padding, limit) };
}
