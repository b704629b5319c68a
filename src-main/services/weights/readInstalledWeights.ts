import { openSafetensors } from '../../formats/safetensors/openSafetensors.ts';
import { AppError } from '../../shared/appError.ts';
import { openByteSource } from '../../workflows/files/openByteSource.ts';
import type { WeightsName } from './weightsCatalogue.ts';
import { weightsDirectory } from './weightsDirectory.ts';
import { readWeightsRecord, weightsPaths } from './weightsRecord.ts';

/**
 * The tensors `names` of installed weights, by name; LPIPS' are called `alex.lin{k}.model.1.weight` and `vgg.lin{k}.model.1.weight`.
 * Throws WEIGHTS_NOT_INSTALLED with the command that helps, TENSOR_MISSING, SAFETENSORS_INVALID.
 */
export async function readInstalledWeights(
  name: WeightsName,
  names: readonly string[],
  directory = weightsDirectory(),
): Promise<Map<string, Float32Array>> {
  if (!(await readWeightsRecord(directory, name))) throw new AppError('WEIGHTS_NOT_INSTALLED', { name });
  const source = await openByteSource(weightsPaths(directory, name).tensors);
  try {
    const file = await openSafetensors(source);
    const found = new Map<string, Float32Array>();
    for (const tensor of names) found.set(tensor, await file.read(tensor));
    return found;
  } finally {
    await source.dispose();
  }
}
