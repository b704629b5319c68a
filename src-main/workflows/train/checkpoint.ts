/**
 * A run's state in one safetensors file, written atomically: its networks with their moments, summed and remembered weights, the step. Together with
 * `run.json` it is all that continuing needs; on the CPU the continued run equals the uninterrupted one bit for bit. A digest over names and
 * values tells damage from training.
 */
import { createHash } from 'node:crypto';
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsTensor,
} from '../../formats/safetensors/safetensors.ts';
import type { TrainerState } from '../../learn/trainerState.ts';
import { AppError } from '../../shared/appError.ts';
import type { Shape } from '../../tensor/tensor.ts';
import { readBytes } from '../files/readBytes.ts';
import { writeAtomically } from '../files/writeAtomically.ts';

export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  readonly state: TrainerState;
}

/** Values of a run besides the networks' that go into its checkpoints, under names of their own (`tally.…`, `memory.…`). */
export interface KeptTensors {
  tensors(): Map<string, { readonly shape: Shape; readonly data: Float32Array }>;
  /** Takes the saved values over; throws `corrupt` where they do not fit. */
  restore(saved: ReadonlyMap<string, Float32Array>, corrupt: (reason: string) => AppError): void;
}

/** Writes a checkpoint. Throws DISK_FULL or WRITE_FAILED; the earlier checkpoint then stays. */
export async function writeCheckpoint(
  path: string,
  { step, state }: Checkpoint,
  kept: readonly KeptTensors[] = [],
): Promise<void> {
  const tensors = new Map(
    [...state, ...kept.flatMap((one) => [...one.tensors()])].map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data },
    ]),
  );
  await writeAtomically(
    path,
    encodeSafetensors(tensors, {
      format: 'ilium-checkpoint-1',
      step: String(step),
      sha256: digest(step, tensors),
    }),
  );
}

/** Reads a checkpoint; what is `kept` besides is filled from it. Throws CHECKPOINT_CORRUPT. */
export async function readCheckpoint(path: string, kept: readonly KeptTensors[] = []): Promise<Checkpoint> {
  const corrupt = (reason: string): AppError => new AppError('CHECKPOINT_CORRUPT', { path, reason });
  const bytes = await readBytes(path);
  let file: ReturnType<typeof decodeSafetensors>;
  try {
    file = decodeSafetensors(bytes, path);
  } catch (error) {
    if (error instanceof AppError) throw corrupt(String(error.details['reason'] ?? error.message));
    throw error;
  }
  const step = Number(file.metadata['step']);
  if (file.metadata['format'] !== 'ilium-checkpoint-1' || !Number.isInteger(step))
    throw corrupt('it is no checkpoint of a training run');
  const state = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const others = new Map<string, Float32Array>();
  for (const [name, { shape, data }] of file.tensors) {
    if (!(data instanceof Float32Array)) throw corrupt(`${name} does not hold 32-bit floats`);
    if (/^(tally|memory)\./.test(name)) others.set(name, data);
    else state.set(name, { shape, data });
  }
  if (file.metadata['sha256'] !== digest(step, file.tensors))
    throw corrupt('its values are not those that were written');
  for (const one of kept) one.restore(others, corrupt);
  return { step, state };
}

/** SHA-256 over the step and every tensor's name and bytes, by name. */
function digest(step: number, tensors: ReadonlyMap<string, SafetensorsTensor>): string {
  const hash = createHash('sha256').update(String(step));
  for (const [name, { data }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`\n${name}\n`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}
