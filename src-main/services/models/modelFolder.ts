import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';

/** The folder for a model that people call `name`: letters, digits, dots and dashes of it. Throws OUTPUT_EXISTS, BAD_REQUEST. */
export async function modelFolder(modelsDirectory: string, name: string): Promise<string> {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|-+$/g, '');
  if (plain === '') throw new AppError('BAD_REQUEST', { reason: 'the name has no letter or digit' });
  const path = join(modelsDirectory, plain);
  if (await fileExists(path)) throw new AppError('OUTPUT_EXISTS', { path: plain });
  return path;
}
