/**
 * What tells apart images of one series that lie at the same place: diffusion weighting, echoes, time points. Scanner
 * peculiarities are rows of a table.
 *
 * Source: DICOM PS3.3 C.8.13.5 (enhanced MR macros), C.8.13.5.9 (MR Diffusion), C.7.6.17 (dimensions); vendors' conformance
 * statements for the private b-values: Siemens (0019,xx0C) in block "SIEMENS MR HEADER", GE (0043,xx39) value 1 modulo 1e6 in
 * "GEMS_PARM_01", Philips (2001,xx03) in "Philips Imaging DD 001".
 */
import type { DataSet } from './dicomParser.ts';
import type { AttributeFinder } from './frameAttributes.ts';

interface AcquisitionKey {
  readonly key: string;
  /** What a person reads, for example "b-value 50". */
  readonly label: string;
  readonly read: (find: AttributeFinder) => string;
}

type Reader = AcquisitionKey['read'];

const text =
  (tag: string): Reader =>
  (find) =>
    find(tag).string(tag)?.trim() ?? '';

/** Attributes of enhanced images that are binary numbers: FD, UL, US. */
const double =
  (tag: string): Reader =>
  (find) =>
    stated(find(tag).double(tag));
const uint32 =
  (tag: string): Reader =>
  (find) =>
    stated(find(tag).uint32(tag));
const uint16 =
  (tag: string): Reader =>
  (find) =>
    stated(find(tag).uint16(tag));

const stated = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '' : String(value);

/** The first of several attributes that is there: a classic image's, then an enhanced one's. */
const either =
  (...readers: readonly Reader[]): Reader =>
  (find) =>
    readers.map((read) => read(find)).find((value) => value !== '') ?? '';

/** In the order in which a series is tried to be split: what separates whole volumes first. */
export const acquisitionKeys: readonly AcquisitionKey[] = [
  { key: 'bValue', label: 'b-value', read: readBValue },
  { key: 'diffusionDirection', label: 'diffusion direction', read: readDiffusionDirection },
  { key: 'complexComponent', label: 'component', read: text('x00089208') },
  { key: 'echoNumbers', label: 'echo', read: text('x00180086') },
  { key: 'echoTime', label: 'echo time', read: either(text('x00180081'), double('x00189082')) },
  {
    key: 'temporalPosition',
    label: 'temporal position',
    read: either(text('x00200100'), uint32('x00209128')),
  },
  { key: 'inversionTime', label: 'inversion time', read: either(text('x00180082'), double('x00189079')) },
  { key: 'flipAngle', label: 'flip angle', read: text('x00181314') },
  { key: 'triggerTime', label: 'trigger time', read: either(text('x00181060'), double('x00209153')) },
  { key: 'acquisitionNumber', label: 'acquisition', read: either(text('x00200012'), uint16('x00209156')) },
  { key: 'sequenceName', label: 'sequence', read: text('x00180024') },
  { key: 'acquisitionTime', label: 'acquisition time', read: either(text('x00080032'), text('x00189074')) },
  { key: 'dimensionIndex', label: 'dimension index', read: readDimensionIndex },
];

/** Values by key; '' where the file does not say. */
export type Acquisition = Readonly<Record<string, string>>;

/** Reads every acquisition key of an image or frame. */
export function readAcquisition(find: AttributeFinder): Acquisition {
  return Object.fromEntries(acquisitionKeys.map(({ key, read }) => [key, read(find)]));
}

const privateBValues = [
  { group: '0019', creator: 'SIEMENS MR HEADER', element: '0c', read: readDecimal },
  {
    group: '0043',
    creator: 'GEMS_PARM_01',
    element: '39',
    read: (dataSet: DataSet, tag: string) => moduloMillion(readDecimal(dataSet, tag)),
  },
  {
    group: '2001',
    creator: 'Philips Imaging DD 001',
    element: '03',
    read: (dataSet: DataSet, tag: string) => dataSet.float(tag),
  },
] as const;

function readBValue(find: AttributeFinder): string {
  const standard = find('x00189087').double('x00189087');
  if (standard !== undefined) return stated(standard);
  for (const { group, creator, element, read } of privateBValues) {
    for (let block = 0x10; block <= 0x1f; block++) {
      const prefix = block.toString(16);
      const tag = `x${group}00${prefix}`;
      const dataSet = find(tag);
      if (dataSet.string(tag)?.trim() !== creator) continue;
      const value = read(dataSet, `x${group}${prefix}${element}`);
      if (value !== undefined && Number.isFinite(value)) return String(value);
    }
  }
  return '';
}

/** The gradient direction to two digits, or what is said instead of one (ISOTROPIC, NONE). */
function readDiffusionDirection(find: AttributeFinder): string {
  const tag = 'x00189089';
  const dataSet = find(tag);
  const direction = [0, 1, 2].map((at) => dataSet.double(tag, at));
  return direction.every((value) => value !== undefined)
    ? direction.map((value) => value.toFixed(2)).join(' ')
    : text('x00189075')(find);
}

/** Where a frame lies in its stack is no dimension that tells volumes apart: InStackPositionNumber, ImagePositionPatient. */
const placeDimensions: ReadonlySet<string> = new Set(['x00209057', 'x00200032']);

/** The frame's indices along the dimensions its maker named, places left out. */
function readDimensionIndex(find: AttributeFinder): string {
  const tag = 'x00209157';
  const dataSet = find(tag);
  const pointers = find('x00209222').elements['x00209222']?.items ?? [];
  return pointers
    .flatMap((item, at) => {
      const pointer = item.dataSet?.attributeTag('x00209165');
      const index = dataSet.uint32(tag, at);
      return pointer === undefined || index === undefined || placeDimensions.has(pointer) ? [] : [index];
    })
    .join('-');
}

function readDecimal(dataSet: DataSet, tag: string): number | undefined {
  const value = dataSet.string(tag);
  return value === undefined || value.trim() === '' ? undefined : Number.parseFloat(value);
}

const moduloMillion = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value % 1e6;
