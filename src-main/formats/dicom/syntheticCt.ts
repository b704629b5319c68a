/**
 * Recognises a synthetic CT that `ctSeriesAttributes` and `encodeCtSeries` have written, so that one that comes back from an archive is
 * taken for what it is and never for a planning CT. Source: DICOM PS3.3 C.12.4 (derivation), C.7.6.1 (source images); code of scheme 99ILIUM.
 */
import type { ModelIdentity } from './ctSeriesAttributes.ts';
import type { DataSet } from './dicomParser.ts';
import { guardParser, openDataSet } from './openDataSet.ts';
import type { DicomHeader } from './readDicomHeader.ts';

export interface SyntheticCt {
  readonly model: ModelIdentity;
  /** When the series was made; undefined where it does not say. */
  readonly createdAt: Date | undefined;
  /** The MR images that this one names as its sources. */
  readonly sourceInstanceUids: readonly string[];
}

/** Whether a header may be that of one: only then its file is worth another look. */
export function mayBeSyntheticCt({ modality, manufacturer, imageType }: DicomHeader): boolean {
  return modality === 'CT' && manufacturer === 'Ilium' && imageType[0] === 'DERIVED';
}

/** What a file says of its making; undefined when it is no synthetic CT of ours. `name` is for messages. Throws as `openDataSet`. */
export function readSyntheticCt(bytes: Uint8Array, name: string): SyntheticCt | undefined {
  const { dataSet } = openDataSet(bytes, name);
  return guardParser(name, true, () => {
    const isOurs = itemsOf(dataSet, 'x00089215').some(
      (code) => text(code, 'x00080100') === 'SCT' && text(code, 'x00080102') === '99ILIUM',
    );
    if (!isOurs) return undefined;
    const [, weightHash = ''] = /weights ([0-9a-f]+)/i.exec(text(dataSet, 'x00082111')) ?? [];
    return {
      model: { name: text(dataSet, 'x00081090'), version: text(dataSet, 'x00181020'), weightHash },
      createdAt: dateOf(text(dataSet, 'x00080012'), text(dataSet, 'x00080013')),
      sourceInstanceUids: itemsOf(dataSet, 'x00082112').map((item) => text(item, 'x00081155')),
    };
  });
}

function itemsOf(dataSet: DataSet, tag: string): DataSet[] {
  return (dataSet.elements[tag]?.items ?? []).flatMap((item) => (item.dataSet ? [item.dataSet] : []));
}

const text = (dataSet: DataSet, tag: string): string => dataSet.string(tag)?.trim() ?? '';

/** DA and TM in local time, as `creationAttributes` writes them. */
function dateOf(date: string, time: string): Date | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  if (year === undefined) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(\d{2})(\d{2})(\d{2})/.exec(time) ?? [];
  const [y, mo, d, h, mi, s] = [year, month, day, hours, minutes, seconds].map(Number);
  return new Date(y ?? 0, (mo ?? 1) - 1, d, h, mi, s);
}
