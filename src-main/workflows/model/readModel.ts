/** A model from disk, checked against its card before it is used. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../files/fileExists.ts';
import { readBytes } from '../files/readBytes.ts';
import { readRecord } from '../files/record.ts';
import { modelCardSchema, type ModelCard } from './modelCard.ts';

export interface StoredModel {
  readonly card: ModelCard;
  /** The ONNX file. */
  readonly bytes: Uint8Array;
}

/** Reads the model in folder `path` (or beside the ONNX file `path`). Throws MODEL_NOT_FOUND, MODEL_INVALID. */
export async function readModel(path: string): Promise<StoredModel> {
  if (!(await fileExists(path))) throw new AppError('MODEL_NOT_FOUND', { path });
  const isFolder = (await stat(path)).isDirectory();
  const onnxPath = isFolder ? join(path, 'model.onnx') : path;
  const cardPath = join(isFolder ? path : dirname(path), 'card.json');
  for (const needed of [onnxPath, cardPath])
    if (!(await fileExists(needed)))
      throw new AppError('MODEL_INVALID', { path, reason: `${needed} is missing` });
  const card = await readRecord(cardPath, modelCardSchema);
  const bytes = await readBytes(onnxPath);
  if (createHash('sha256').update(bytes).digest('hex') !== card.weightHash)
    throw new AppError('MODEL_INVALID', { path, reason: 'the weights are not those its card describes' });
  return { card, bytes };
}
