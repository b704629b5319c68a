import { weightsCatalogue, type WeightsName } from './weightsCatalogue.ts';
import { weightsDirectory } from './weightsDirectory.ts';
import { readWeightsRecord, type WeightsRecord } from './weightsRecord.ts';

export interface ListedWeights {
  readonly name: WeightsName;
  readonly title: string;
  readonly usedFor: string;
  readonly licence: string;
  /** About how much an installation downloads. */
  readonly megabytes: number;
  /** Null where they are not installed. */
  readonly record: WeightsRecord | null;
}

/** Every weights package and whether it is installed. Throws RECORD_INVALID. */
export async function listWeights(directory = weightsDirectory()): Promise<ListedWeights[]> {
  return Promise.all(
    weightsCatalogue.map(async ({ name, title, usedFor, licence, files }) => ({
      name,
      title,
      usedFor,
      licence,
      megabytes: files.reduce((sum, file) => sum + file.megabytes, 0),
      record: await readWeightsRecord(directory, name),
    })),
  );
}
