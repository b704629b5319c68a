/** The metadata of a safetensors file, read without its tensors. */
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { systemCode } from './toWriteError.ts';

const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).default({}) });
const largestHeader = 100_000_000;

/** Throws FILE_NOT_FOUND, SAFETENSORS_INVALID. */
export async function readSafetensorsMetadata(path: string): Promise<Readonly<Record<string, string>>> {
  const invalid = (reason: string): AppError => new AppError('SAFETENSORS_INVALID', { path, reason });
  try {
    const handle = await open(path, 'r');
    try {
      const prefix = new Uint8Array(8);
      if ((await handle.read(prefix, 0, 8, 0)).bytesRead < 8) throw invalid('it ends within its header');
      const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
      if (length > largestHeader) throw invalid('its header is too long');
      const header = new Uint8Array(length);
      if ((await handle.read(header, 0, length, 8)).bytesRead < length)
        throw invalid('it ends within its header');
      return headerSchema.parse(JSON.parse(new TextDecoder().decode(header))).__metadata__;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new AppError('FILE_NOT_FOUND', { path }, { cause: error });
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      throw invalid('its header is not what it should be');
    throw error;
  }
}
