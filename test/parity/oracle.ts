/** Runs the PyTorch oracle's scripts on files of a folder; the tests write their cases and read its results as safetensors. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsTensor,
} from '../../src-main/formats/safetensors/safetensors.ts';
import { findTorchPython } from './findTorchPython.ts';

export type Tensors = ReadonlyMap<string, SafetensorsTensor>;

/** Runs `script` beside this file; throws with what it printed when it fails. */
export function runOracle(script: string, ...args: readonly string[]): void {
  const python = findTorchPython();
  if ('reason' in python) throw new Error(python.reason);
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr } = spawnSync(python.command, [path, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script} failed: ${stdout}\n${stderr}`);
}

export function writeTensors(folder: string, name: string, tensors: Tensors, metadata = {}): string {
  const path = join(folder, name);
  writeFileSync(path, encodeSafetensors(tensors, metadata));
  return path;
}

export function readTensors(path: string): Tensors {
  return decodeSafetensors(new Uint8Array(readFileSync(path)), path).tensors;
}

/** The values of `name`, as numbers. */
export function valuesOf(tensors: Tensors, name: string): Float64Array {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`There is no ${name}.`);
  return Float64Array.from(tensor.data as Iterable<number>, Number);
}

/** max |actual − expected| / max |expected|. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values, not ${expected.length}.`);
  let [difference, largest] = [0, 0];
  for (let at = 0; at < expected.length; at++) {
    difference = Math.max(difference, Math.abs(actual[at]! - expected[at]!));
    largest = Math.max(largest, Math.abs(expected[at]!));
    if (!Number.isFinite(actual[at])) return NaN;
  }
  return difference / largest;
}

/** Root mean square of values. */
export function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]! ** 2;
  return Math.sqrt(sum / values.length);
}
