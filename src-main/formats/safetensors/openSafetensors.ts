/** Reads single tensors of a safetensors file: the header, then only the bytes that are asked for. */
import { AppError } from '../../shared/appError.ts';
import type { ByteSource } from '../../shared/byteSource.ts';
import type { TensorFile } from '../tensorFile/tensorFile.ts';
import { decodeSafetensorsHeader, safetensorsHeaderLength, safetensorsTypes } from './safetensorsHeader.ts';

/** Opens `source`. Throws SAFETENSORS_INVALID. */
export async function openSafetensors(source: ByteSource): Promise<TensorFile> {
  const { name: path, size } = source;
  const first = await source.read(0, Math.min(8, size));
  const json = await source.read(8, safetensorsHeaderLength(first, size, path));
  const { entries, bufferAt } = decodeSafetensorsHeader(json, size, path);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return {
    shapes: new Map(entries.map(({ name, shape }) => [name, shape])),
    async read(name) {
      const entry = byName.get(name);
      if (!entry) throw new AppError('TENSOR_MISSING', { path, name });
      const bytes = await source.read(bufferAt + entry.begin, entry.end - entry.begin);
      const data = safetensorsTypes[entry.dtype].decode(bytes);
      if (data instanceof Float32Array) return data;
      const reason = `tensor ${name} is of type ${entry.dtype} where 32-bit floats are needed`;
      throw new AppError('SAFETENSORS_INVALID', { path, reason });
    },
  };
}
