/**
 * The text header of a MetaImage: "Key = Value" lines up to and including ElementDataFile.
 *
 * Source: ITK's MetaIO documentation and MetaImageIO. Row n of TransformMatrix is the direction of axis n in LPS; Offset is the
 * centre of voxel 0 in mm. Like ITK, AnatomicalOrientation, CenterOfRotation and the intensity function are not applied.
 */
import { type Affine, affineDeterminant, affineFromAxes, type Vector3 } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Grid } from '../../shared/volume.ts';
import type { VoxelKind } from '../voxels/decodeVoxels.ts';
import { elementTypes } from './elementTypes.ts';

const longestHeader = 65_536;

export interface MetaHeader {
  readonly grid: Grid;
  readonly kind: VoxelKind;
  readonly littleEndian: boolean;
  readonly compressed: boolean;
  /** Bytes of the compressed stream, where stated. */
  readonly compressedSize: number | undefined;
  /** Bytes before the voxels in the data file; −1: the voxels are its last bytes. */
  readonly headerSize: number;
  /** The file with the voxels, in the same folder; undefined when they follow the header (LOCAL). */
  readonly dataFile: string | undefined;
  /** Length of the text header in bytes. */
  readonly length: number;
  /** AnatomicalOrientation where it names three axes, such as RAI. */
  readonly orientationLabel: string | undefined;
}

/** Whether the bytes look like a MetaImage header: a known key on the first line and an ElementDataFile. */
export function isMetaImage(bytes: Uint8Array): boolean {
  const text = headerText(bytes);
  return /^\s*(ObjectType|NDims|Comment)\s*=/.test(text) && /^ElementDataFile\s*=/m.test(text);
}

/** Parses and validates the header; `name` is used in messages. Throws METAIMAGE_INVALID, VOLUME_NOT_3D, VOLUME_EMPTY. */
export function parseMetaHeader(bytes: Uint8Array, name: string): MetaHeader {
  const invalid = (reason: string): AppError => new AppError('METAIMAGE_INVALID', { path: name, reason });
  const text = headerText(bytes);
  const { value: dataFile, end: length } = lastLine(text);
  if (dataFile === '') throw invalid('it names no ElementDataFile');
  const fields = new Map<string, string>();
  for (const line of text.slice(0, length).split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at > 0) fields.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  const kind = elementTypes[fields.get('ElementType') ?? ''];
  if (kind === undefined)
    throw invalid(`its element type ${fields.get('ElementType') ?? '(none)'} is not supported`);
  if ((fields.get('ObjectType') ?? 'Image') !== 'Image') throw invalid('it is not an image');
  if (Number(fields.get('ElementNumberOfChannels') ?? 1) !== 1)
    throw invalid('its voxels have several channels');
  if (!isTrue(fields.get('BinaryData') ?? 'True')) throw invalid('its voxels are written as text');
  const headerSize = Number(fields.get('HeaderSize') ?? 0);
  if (!Number.isSafeInteger(headerSize) || headerSize < -1) throw invalid(`its header size is ${headerSize}`);
  return {
    grid: parseGrid(fields, name, invalid),
    kind,
    littleEndian: !isTrue(
      fields.get('BinaryDataByteOrderMSB') ?? fields.get('ElementByteOrderMSB') ?? 'False',
    ),
    compressed: isTrue(fields.get('CompressedData') ?? 'False'),
    compressedSize: Number(fields.get('CompressedDataSize') ?? 0) || undefined,
    headerSize,
    dataFile: dataFile.toUpperCase() === 'LOCAL' ? undefined : plainFileName(dataFile, invalid),
    length,
    orientationLabel: /^[RLAPIS]{3}$/.exec(fields.get('AnatomicalOrientation') ?? '')?.[0],
  };
}

type Invalid = (reason: string) => AppError;

function headerText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes.subarray(0, longestHeader));
}

/** What ElementDataFile says ('' when it is missing), and where its line ends. Patterns would take long for a line of blanks. */
function lastLine(text: string): { readonly value: string; readonly end: number } {
  const at = text.search(/^ElementDataFile[ \t]*=/m);
  if (at === -1) return { value: '', end: 0 };
  const lineEnd = text.indexOf('\n', at);
  const end = lineEnd === -1 ? text.length : lineEnd + 1;
  return { value: text.slice(text.indexOf('=', at) + 1, end).trim(), end };
}

/** A name without folders: a header must not make us read other places of the disk. */
function plainFileName(dataFile: string, invalid: Invalid): string {
  const plain = dataFile.replace(/^\.[/\\]/, '');
  if (/^LIST\b/.test(plain) || plain.includes('%')) throw invalid('its voxels are spread over several files');
  if (/[/\\\0]/.test(plain) || plain === '..') throw invalid('its data file is in another folder');
  return plain;
}

function parseGrid(fields: ReadonlyMap<string, string>, name: string, invalid: Invalid): Grid {
  const count = Number(fields.get('NDims'));
  if (!Number.isInteger(count) || count < 1 || count > 10) throw invalid(`it states ${count} dimensions`);
  if (count < 3) throw new AppError('VOLUME_NOT_3D', { path: name, reason: `it has ${count} dimensions` });
  const numbers = (keys: readonly string[], length: number, fallback: readonly number[]): number[] => {
    const key = keys.find((one) => fields.has(one));
    if (key === undefined) return [...fallback];
    const values = (fields.get(key) ?? '').split(/\s+/).map(Number);
    if (values.length !== length || !values.every(Number.isFinite))
      throw invalid(`its ${key} is not ${length} numbers`);
    return values;
  };
  const size = numbers(['DimSize'], count, []);
  if (size.length === 0) throw invalid('it has no DimSize');
  if (size.some((n) => !Number.isSafeInteger(n) || n < 0)) throw invalid(`its size is ${size.join('×')}`);
  if (size.includes(0)) throw new AppError('VOLUME_EMPTY', { path: name });
  const volumes = size.slice(3).reduce((total, n) => total * n, 1);
  if (volumes > 1) throw new AppError('VOLUME_NOT_3D', { path: name, reason: `it holds ${volumes} volumes` });
  const identity = Array.from({ length: count * count }, (_, at) => (at % (count + 1) === 0 ? 1 : 0));
  const matrix = numbers(['TransformMatrix', 'Rotation', 'Orientation'], count * count, identity);
  const axis = (row: number): Vector3 => firstThree(matrix.slice(row * count));
  const spacing = firstThree(
    numbers(['ElementSpacing', 'ElementSize'], count, new Array<number>(count).fill(1)),
  );
  const offset = firstThree(
    numbers(['Offset', 'Position', 'Origin'], count, new Array<number>(count).fill(0)),
  );
  const indexToLps: Affine = affineFromAxes(offset, spacing, [axis(0), axis(1), axis(2)]);
  const determinant = Math.abs(affineDeterminant(indexToLps));
  if (spacing.some((length) => length <= 0) || !(determinant > 1e-9 && determinant < Infinity)) {
    throw invalid('its spacing and directions do not describe a grid');
  }
  return { size: firstThree(size), indexToLps };
}

function firstThree([a = NaN, b = NaN, c = NaN]: readonly number[]): [number, number, number] {
  return [a, b, c];
}

function isTrue(value: string): boolean {
  return /^(true|t|yes|y|1)$/i.test(value);
}
