/** A stored model on a device. */
import { oneLine } from '../../shared/oneLine.ts';
import { AppError } from '../../shared/appError.ts';
import { openImageModel, type ImageModel } from '../../tensor/executors/onnx/onnxModel.ts';
import { onnxProviders } from '../../tensor/executors/onnx/onnxExecutor.ts';
import { openExecutor } from '../../tensor/executors/openExecutor.ts';
import type { StoredModel } from '../../workflows/model/readModel.ts';

export interface OpenedModel {
  readonly model: ImageModel;
  /** The device it runs on. */
  readonly device: string;
  /** One sentence each: which device was chosen, and why not the others. */
  readonly notes: string[];
}

/** Opens the model; `path` names it in errors. Throws MODEL_INVALID, DEVICE_UNKNOWN, DEVICE_UNAVAILABLE. */
export async function openModel({ bytes }: StoredModel, path: string, device: string): Promise<OpenedModel> {
  const { executor, chosen, notes } = await openExecutor({ executor: 'onnx', device });
  await executor.dispose();
  const provider = onnxProviders.find((one) => one === chosen) ?? 'cpu';
  try {
    return { model: await openImageModel(bytes, provider), device: provider, notes: [...notes] };
  } catch (error) {
    throw new AppError('MODEL_INVALID', { path, reason: oneLine(error) }, { cause: error });
  }
}
