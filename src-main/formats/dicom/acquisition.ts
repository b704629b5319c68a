/**
 * What tells apart images of one series that lie at the same place: diffusion weighting, echoes, time points. Scanner
 * peculiarities are rows of a table.
 *
 * Source: DICOM PS3.3 C.8.13.5.9 (MR Diffusion); vendors' conformance statements for the private b-values: Siemens
 * (0019,xx0C) in block "SIEMENS MR HEADER", GE (0043,xx39) value 1 modulo 1e6 in "GEMS_PARM_01", Philips (2001,xx03) in
 * "Philips Imaging DD 001".
 */
import type { DataSet } from './dicomParser.ts';

interface AcquisitionKey {
  readonly key: string;
  /** What a person reads, for example "b-value 50". */
  readonly label: string;
  readonly read: (dataSet: DataSet) => string;
}

const text =
  (tag: string) =>
  (dataSet: DataSet): string =>
    dataSet.string(tag)?.trim() ?? '';

/** In the order in which a series is tried to be split: what separates whole volumes first. */
export const acquisitionKeys: readonly AcquisitionKey[] = [
  { key: 'bValue', label: 'b-value', read: readBValue },
  { key: 'echoNumbers', label: 'echo', read: text('x00180086') },
  { key: 'echoTime', label: 'echo time', read: text('x00180081') },
  { key: 'temporalPosition', label: 'temporal position', read: text('x00200100') },
  { key: 'inversionTime', label: 'inversion time', read: text('x00180082') },
  { key: 'flipAngle', label: 'flip angle', read: text('x00181314') },
  { key: 'triggerTime', label: 'trigger time', read: text('x00181060') },
  { key: 'acquisitionNumber', label: 'acquisition', read: text('x00200012') },
  { key: 'sequenceName', label: 'sequence', read: text('x00180024') },
  { key: 'acquisitionTime', label: 'acquisition time', read: text('x00080032') },
];

/** Values by key; '' where the file does not say. */
export type Acquisition = Readonly<Record<string, string>>;

/** Reads every acquisition key of an image. */
export function readAcquisition(dataSet: DataSet): Acquisition {
  return Object.fromEntries(acquisitionKeys.map(({ key, read }) => [key, read(dataSet)]));
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

function readBValue(dataSet: DataSet): string {
  const standard = dataSet.double('x00189087');
  if (standard !== undefined) return String(standard);
  for (const { group, creator, element, read } of privateBValues) {
    for (let block = 0x10; block <= 0x1f; block++) {
      const prefix = block.toString(16);
      if (dataSet.string(`x${group}00${prefix}`)?.trim() !== creator) continue;
      const value = read(dataSet, `x${group}${prefix}${element}`);
      if (value !== undefined && Number.isFinite(value)) return String(value);
    }
  }
  return '';
}

function readDecimal(dataSet: DataSet, tag: string): number | undefined {
  const value = dataSet.string(tag);
  return value === undefined || value.trim() === '' ? undefined : Number.parseFloat(value);
}

const moduloMillion = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value % 1e6;
