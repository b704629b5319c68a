/**
 * Installs published weights: downloads the files (or takes local ones), checks their digests, and keeps only the tensors that are used, as
 * one safetensors file with a record beside it. The record is written last; without it nothing is installed. `<name>.lock` keeps two that
 * install the same from each other's files.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encodeSafetensors, type SafetensorsTensor } from '../../formats/safetensors/safetensors.ts';
import { openTensorFile } from '../../formats/tensorFile/openTensorFile.ts';
import { AppError } from '../../shared/appError.ts';
import { formatShape, sameShape } from '../../tensor/tensor.ts';
import { openByteSource } from '../../workflows/files/openByteSource.ts';
import { writeRecord } from '../../workflows/files/record.ts';
import { toWriteError } from '../../workflows/files/toWriteError.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';
import { holdLock } from '../files/holdLock.ts';
import { downloadFile, DownloadProblem, type DownloadOptions } from './downloadFile.ts';
import type { PublishedFile, WeightsPackage } from './weightsCatalogue.ts';
import { weightsPaths, weightsRecordSchema, type WeightsRecord } from './weightsRecord.ts';

export interface InstallOptions extends DownloadOptions {
  readonly directory: string;
  /** Local files to take instead of downloading; a folder stands for the files in it. */
  readonly from?: readonly string[];
}

type Source = WeightsRecord['sources'][number];
type Tensors = Map<string, SafetensorsTensor>;

/**
 * Installs `weights`, replacing an earlier installation. Throws DOWNLOAD_FAILED, WEIGHTS_HASH, TENSOR_MISSING, TENSOR_SHAPE, what the file
 * formats throw, and write errors; JOB_BUSY and LOCKED_ELSEWHERE while someone else installs them. Then the earlier installation is as it was.
 */
export async function installWeights(
  weights: WeightsPackage,
  options: InstallOptions,
): Promise<WeightsRecord> {
  const { directory } = options;
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw toWriteError(error, directory);
  });
  const release = await holdLock(join(directory, `${weights.name}.lock`), {
    subject: weights.name,
    patienceMs: 2000,
    pauseMs: 50,
  });
  return install(weights, options).finally(release);
}

async function install(
  weights: WeightsPackage,
  { directory, from, ...options }: InstallOptions,
): Promise<WeightsRecord> {
  const tensors: Tensors = new Map();
  const sources: Source[] = [];
  const local = from === undefined ? undefined : await filesAmong(from);
  for (const file of weights.files) {
    const taken =
      local === undefined
        ? await takePublished(weights.name, file, directory, options)
        : await takeLocal(file, local);
    sources.push(taken.source);
    for (const [name, tensor] of taken.tensors) tensors.set(name, tensor);
  }
  const bytes = encodeSafetensors(tensors, { name: weights.name, licence: weights.licence });
  const record: WeightsRecord = {
    schemaVersion: 1,
    name: weights.name,
    licence: weights.licence,
    installedAt: new Date().toISOString(),
    sources,
    tensors: tensors.size,
    bytes: bytes.length,
  };
  const paths = weightsPaths(directory, weights.name);
  await writeAtomically(paths.tensors, bytes);
  await writeRecord(paths.record, weightsRecordSchema, record);
  return record;
}

interface Taken {
  readonly source: Source;
  readonly tensors: Tensors;
}

/** Downloads a file, which counts only with its published digest, and is removed when its tensors are taken. */
async function takePublished(
  name: string,
  file: PublishedFile,
  directory: string,
  options: DownloadOptions,
): Promise<Taken> {
  const { url, sha256: known } = file;
  const path = join(directory, 'downloads', `${name}-${basename(new URL(url).pathname)}`);
  try {
    await downloadFile(url, path, options);
  } catch (error) {
    if (!(error instanceof DownloadProblem)) throw error;
    throw new AppError('DOWNLOAD_FAILED', { url, name, reason: error.message }, { cause: error });
  }
  const { sha256, bytes } = await digestOf(path);
  const [expected = ''] = known;
  if (!sha256.startsWith(expected)) {
    await rm(path);
    throw new AppError('WEIGHTS_HASH', { path: url, actual: sha256, expected });
  }
  const tensors = await takeTensors(path, file);
  await rm(path);
  return { source: { from: url, bytes, sha256, published: true }, tensors };
}

/** The tensors of the first local file that has them all; where none has, what is wrong with the first. */
async function takeLocal(file: PublishedFile, paths: readonly string[]): Promise<Taken> {
  let firstError: AppError | undefined;
  for (const path of paths) {
    try {
      const tensors = await takeTensors(path, file);
      const { sha256, bytes } = await digestOf(path);
      const published = file.sha256.some((known) => sha256.startsWith(known));
      return { source: { from: basename(path), bytes, sha256, published }, tensors };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      firstError ??= error;
    }
  }
  throw firstError ?? new AppError('FILE_NOT_FOUND', { path: basename(new URL(file.url).pathname) });
}

/** Every tensor of `file` out of `path`, under its stored name. A file that Ilium stored has them by that name already. */
async function takeTensors(path: string, { tensors, prefix }: PublishedFile): Promise<Tensors> {
  const source = await openByteSource(path);
  try {
    const file = await openTensorFile(source);
    const taken: Tensors = new Map();
    for (const { name, shape } of tensors) {
      const stored = `${prefix}${name}`;
      const found = file.shapes.has(stored) ? stored : name;
      const actual = file.shapes.get(found);
      if (!actual) throw new AppError('TENSOR_MISSING', { path, name });
      if (!sameShape(actual, shape))
        throw new AppError('TENSOR_SHAPE', {
          name,
          actual: formatShape(actual),
          expected: formatShape(shape),
        });
      taken.set(stored, { shape, data: await file.read(found) });
    }
    return taken;
  } finally {
    await source.dispose();
  }
}

/** The paths, with folders replaced by the files in them. Throws FILE_NOT_FOUND. */
async function filesAmong(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch((error: unknown) => {
        throw new AppError('FILE_NOT_FOUND', { path }, { cause: error });
      });
      if (!found.isDirectory()) return [path];
      const entries = await readdir(path, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => join(path, name));
    }),
  );
  return lists.flat();
}

async function digestOf(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}
