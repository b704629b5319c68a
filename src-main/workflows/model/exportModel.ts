/** Releases a run's generator as a plain ONNX file with its card. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeRecord } from '../files/record.ts';
import { stageFolder } from '../files/stageFolder.ts';
import { modelCardSchema, type ModelCard } from './modelCard.ts';
import { runModel } from './runModel.ts';

/**
 * Writes `model.onnx` and `card.json` into the new folder `out`; `name` stands on the card instead of the run's. Throws RUN_NOT_FOUND,
 * CHECKPOINT_CORRUPT, OUTPUT_EXISTS, DISK_FULL.
 */
export async function exportModel(
  runFolder: string,
  out: string,
  version: string,
  name?: string,
): Promise<ModelCard> {
  const { card, bytes } = await runModel(runFolder, version, name);
  await stageFolder(out, async (folder) => {
    await writeFile(join(folder, 'model.onnx'), bytes, { flag: 'wx' });
    await writeRecord(join(folder, 'card.json'), modelCardSchema, card);
  });
  return card;
}
