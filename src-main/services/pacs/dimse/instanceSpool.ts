/**
 * One instance on its way from the network to the disk: preamble and meta information of ours, then the data set's bytes as they come, so
 * that private elements and the sender's own spelling of numbers stay. The file has a temporary name until it is whole and flushed.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { encodeFileMeta, type FileMeta } from '../../../formats/dicom/fileMeta.ts';
import { temporaryName } from '../../../workflows/files/temporaryName.ts';
import { toWriteError } from '../../../workflows/files/toWriteError.ts';

/** The protocol's reader takes a stream that says "wait" amiss; what the disk cannot keep up with waits in memory (one instance). */
const highWaterMark = 1 << 30;

export interface InstanceSpool {
  /** Where the data set's bytes go; it is never in the way: what fails is said by `finish`. */
  readonly stream: WriteStream;
  /** Resolves with the file's path when it is whole and on the disk. Throws DISK_FULL, WRITE_FAILED; then nothing is left. */
  finish(): Promise<string>;
  /** The rest will not come. */
  discard(): Promise<void>;
}

/** Begins a file beside `target`, with `meta` at its front. */
export function openInstanceSpool(target: string, meta: FileMeta, sourceAeTitle: string): InstanceSpool {
  const path = temporaryName(target);
  const stream = createWriteStream(path, { flags: 'wx', highWaterMark, flush: true });
  const ended = finished(stream);
  ended.catch(() => undefined);
  stream.write(encodeFileMeta(meta, sourceAeTitle));
  const discard = async (): Promise<void> => {
    stream.destroy();
    await ended.catch(() => undefined);
    await rm(path, { force: true });
  };
  return {
    stream,
    discard,
    async finish() {
      try {
        await ended;
        return path;
      } catch (error) {
        await discard();
        throw toWriteError(error, target);
      }
    },
  };
}
