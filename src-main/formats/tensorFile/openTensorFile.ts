import type { ByteSource } from '../../shared/byteSource.ts';
import { openSafetensors } from '../safetensors/openSafetensors.ts';
import { looksLikeTorch, openTorchFile } from '../torchPickle/openTorchFile.ts';
import type { TensorFile } from './tensorFile.ts';

/** Opens a file of weights, told by its first bytes. Throws SAFETENSORS_INVALID or TORCH_FILE_INVALID. */
export async function openTensorFile(source: ByteSource): Promise<TensorFile> {
  const first = await source.read(0, Math.min(9, source.size));
  return looksLikeTorch(first) ? openTorchFile(source) : openSafetensors(source);
}
