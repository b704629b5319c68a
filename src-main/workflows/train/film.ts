/**
 * The film of a run: weight map and prediction of the same few training slices after every epoch (the abstract's Figure 2c), of
 * a warm-up's epochs the weights as they would be; one safetensors file per epoch, and what they are made from in `slices.safetensors`.
 */
import { join } from 'node:path';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import type { Batch, Trainer } from '../../learn/trainer.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import type { SliceAddress, SliceReader } from './sliceCache.ts';

export interface FilmOptions {
  readonly folder: string;
  readonly slices: readonly SliceAddress[];
  readonly extents: readonly [h: number, w: number];
  readonly channels: number;
  /** The maps are normalised over batches of this size, as in training. */
  readonly batchSize: number;
}

/** Writes `slices.safetensors`: MR `x`, CT `y`, and the addresses in the metadata. */
export async function writeFilmSlices(
  { folder, slices, extents, channels }: FilmOptions,
  reader: SliceReader,
): Promise<void> {
  const { x, y } = await reader.read(slices);
  const n = slices.length;
  const bytes = encodeSafetensors(
    new Map([
      ['x', { shape: [n, channels, ...extents], data: x }],
      ['y', { shape: [n, 1, ...extents], data: y }],
    ]),
    { slices: JSON.stringify(slices) },
  );
  await writeAtomically(join(folder, 'slices.safetensors'), bytes);
}

/** Writes one frame: `u`, `w` and `prediction` [n, 1, h, w] after `epoch` epochs; `meta` null: the prediction alone. */
export async function writeFilmFrame(
  { folder, slices, extents: [h, w], batchSize }: FilmOptions,
  reader: SliceReader,
  trainer: Trainer,
  meta: Batch | null,
  epoch: number,
): Promise<void> {
  const n = slices.length;
  const names = meta ? (['u', 'w', 'prediction'] as const) : (['prediction'] as const);
  const frames = new Map(
    names.map((name) => [name, { shape: [n, 1, h, w], data: new Float32Array(n * h * w) }]),
  );
  for (let start = 0; start < n; start += batchSize) {
    // The last batch repeats slices, so that every batch has the size that is compiled and normalised over.
    const wanted = Array.from({ length: batchSize }, (_, at) => slices[(start + at) % n]).filter(
      (one) => one !== undefined,
    );
    const batch = await reader.read(wanted);
    const maps = meta
      ? await trainer.weightMaps(batch, meta)
      : { prediction: await trainer.predict(batch.x) };
    const count = Math.min(batchSize, n - start) * h * w;
    for (const [name, { data }] of frames) {
      const values = maps[name as keyof typeof maps] as Float32Array | undefined;
      if (values) data.set(values.subarray(0, count), start * h * w);
    }
  }
  const path = join(folder, `epoch-${String(epoch).padStart(4, '0')}.safetensors`);
  await writeAtomically(path, encodeSafetensors(frames, { epoch: String(epoch) }));
}
