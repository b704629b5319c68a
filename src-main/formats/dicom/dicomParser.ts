/**
 * dicom-parser under one import: it is a CommonJS bundle, so Node shows its functions as the default export while bundlers
 * (and its types) show them as named ones. Its `DataSet` class is exported, though its types know only the interface.
 */
import * as bundle from 'dicom-parser';
import type { ByteArrayParser, DataSet, Element } from 'dicom-parser';

type DicomParser = typeof bundle & {
  DataSet: new (parser: ByteArrayParser, bytes: Uint8Array, elements: Record<string, Element>) => DataSet;
};

export type { DataSet } from 'dicom-parser';
export const dicomParser = ((bundle as { default?: unknown }).default ?? bundle) as DicomParser;
