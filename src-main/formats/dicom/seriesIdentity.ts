import { createTextDecoder } from './characterSets.ts';
import { guardParser, openDataSet } from './openDataSet.ts';

/** To which series a file belongs, whatever it holds; absent texts are ''. */
export interface SeriesIdentity {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly seriesDescription: string;
  /** Number of Series Related Instances, which some senders fill in; null without. */
  readonly instances: number | null;
}

/** Throws as `openDataSet`; `name` is for messages. */
export function readSeriesIdentity(bytes: Uint8Array, name: string): SeriesIdentity {
  const { dataSet, bytes: plain } = openDataSet(bytes, name);
  return guardParser(name, true, () => {
    const decode = createTextDecoder(dataSet.string('x00080005') ?? '');
    const description = dataSet.elements['x0008103e'];
    const instances = dataSet.intString('x00201209');
    return {
      studyInstanceUid: dataSet.string('x0020000d') ?? '',
      seriesInstanceUid: dataSet.string('x0020000e') ?? '',
      modality: dataSet.string('x00080060') ?? '',
      seriesDescription: description
        ? decode(plain.subarray(description.dataOffset, description.dataOffset + description.length)).trim()
        : '',
      instances: instances !== undefined && instances > 0 ? instances : null,
    };
  });
}
