/** One meta step's raw map u and normalised map w for given generator weights and tensors, without dropout or update. */
import { createCleanGradient } from '../../learn/reweighting/cleanGradient.ts';
import { generatorSpecs, type GeneratorConfig } from '../../learn/networks/generator.ts';
import { weightMapStep } from '../../learn/steps/weightMapStep.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsFile,
} from '../../formats/safetensors/safetensors.ts';
import { AppError } from '../../shared/appError.ts';
import type { Executor, Feed } from '../../tensor/executor.ts';
import { formatShape, sameShape, type Shape } from '../../tensor/tensor.ts';
import { readBytes } from '../files/readBytes.ts';
import { writeAtomically } from '../files/writeAtomically.ts';

export interface WeightMapInput {
  /** Generator weights; metadata `ngf`, `blocks`, `inputChannels`. */
  readonly generator: string;
  /** Tensors `x` [n, k, h, w], `y` [n, 1, h, w], `xv` [m, k, h, w], `yv` [m, 1, h, w]. */
  readonly batch: string;
  /** Gets `u`, `w` [n, 1, h, w] and `validationLoss` [1]. */
  readonly out: string;
}

/** Computes and writes the maps; resolves with the validation loss. Throws TENSOR_MISSING, TENSOR_SHAPE, SAFETENSORS_INVALID. */
export async function weightMap(
  paths: WeightMapInput,
  executor: Executor,
): Promise<{ validationLoss: number }> {
  const weights = decodeSafetensors(await readBytes(paths.generator), paths.generator);
  const config = generatorConfig(weights, paths.generator);
  const parameters: Record<string, Feed> = {};
  for (const { name, shape } of generatorSpecs(config))
    parameters[`parameter.${name}`] = tensorOf(weights, paths.generator, name, shape).data;

  const batch = decodeSafetensors(await readBytes(paths.batch), paths.batch);
  const [x, y] = images(batch, paths.batch, ['x', 'y'], config);
  const [xv, yv] = images(batch, paths.batch, ['xv', 'yv'], config);
  const [n = 1, , h = 1, w = 1] = y.shape;
  if (!sameShape(y.shape.slice(2), yv.shape.slice(2))) throw shapeError('yv', yv.shape, `[m, 1, ${h}, ${w}]`);

  const extents = [h, w] as const;
  const direction = createCleanGradient({ generator: config, extents, metaMicroBatch: 4 }, executor);
  const clean = await direction.compute({ x: xv.data, y: yv.data }, parameters);
  const program = await executor.compile(weightMapStep(config, [n, h, w]));
  const feeds: Record<string, Feed> = { ...parameters, x: x.data, y: y.data };
  for (const [name, handle] of Object.entries(clean.gradient)) feeds[`direction.${name}`] = handle;
  const results = await program.run(feeds);
  const read = async (name: string): Promise<Float32Array> =>
    (await results[name]?.read()) ?? new Float32Array();
  const tensors = new Map([
    ['u', { shape: [n, 1, h, w], data: await read('u') }],
    ['w', { shape: [n, 1, h, w], data: await read('w') }],
    ['validationLoss', { shape: [1], data: Float32Array.of(clean.validation) }],
  ]);
  await writeAtomically(paths.out, encodeSafetensors(tensors));
  for (const handle of [...Object.values(results), ...Object.values(clean.gradient)]) handle.dispose();
  direction.dispose();
  return { validationLoss: clean.validation };
}

function generatorConfig({ metadata }: SafetensorsFile, path: string): GeneratorConfig {
  const whole = (name: string): number => {
    const value = Number(metadata[name]);
    if (!Number.isInteger(value) || value < 1)
      throw new AppError('SAFETENSORS_INVALID', { path, reason: `its metadata names no ${name}` });
    return value;
  };
  return { ngf: whole('ngf'), blocks: whole('blocks'), inputChannels: whole('inputChannels') };
}

interface FloatTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

function tensorOf(file: SafetensorsFile, path: string, name: string, expected?: Shape): FloatTensor {
  const tensor = file.tensors.get(name);
  if (!tensor) throw new AppError('TENSOR_MISSING', { path, name });
  if (expected && !sameShape(tensor.shape, expected))
    throw shapeError(name, tensor.shape, formatShape(expected));
  const { shape, data } = tensor;
  if (!(data instanceof Float32Array || data instanceof Float64Array))
    throw new AppError('SAFETENSORS_INVALID', { path, reason: `${name} does not hold floats` });
  return { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** Source and target slices, checked against each other. */
function images(
  file: SafetensorsFile,
  path: string,
  [source, target]: readonly [string, string],
  { inputChannels }: GeneratorConfig,
): readonly [FloatTensor, FloatTensor] {
  const y = tensorOf(file, path, target);
  const [n = 0, channels = 0, h = 0, w = 0] = y.shape;
  if (y.shape.length !== 4 || channels !== 1 || h % 4 !== 0 || w % 4 !== 0 || Math.min(h, w) < 8)
    throw shapeError(target, y.shape, '[n, 1, h, w] with h and w multiples of 4, at least 8');
  return [tensorOf(file, path, source, [n, inputChannels, h, w]), y];
}

function shapeError(name: string, actual: Shape, expected: string): AppError {
  return new AppError('TENSOR_SHAPE', { name, actual: formatShape(actual), expected });
}
