/**
 * Reads the values of a display set's slices file by file. Of images that came in copies the first readable one is taken, and the others
 * are compared with it value by value: that two files carry one UID does not make them one image.
 */
import { AppError } from '../../shared/appError.ts';
import { frameReader, type StoredWords } from './decodeFrame.ts';
import { writeFrameValues } from './frameValues.ts';
import { readDicomFrames, type DicomHeader } from './readDicomHeader.ts';
import type { DuplicateInstance } from './sameInstance.ts';

export interface ReadSlices {
  /** `sliceLength` values per slice, in the order of the headers. */
  readonly data: Int16Array | Float32Array;
  /** What is known of every file of which there is more than one copy, except those that were taken in the first place. */
  readonly copies: readonly ComparedCopy[];
}

export interface ComparedCopy {
  /** Of the first of the file's images. */
  readonly header: DicomHeader;
  /** The file whose values were taken. */
  readonly taken: string;
  /** Compared with that; `taken`: it is that one, in the place of one that cannot be read; else why it cannot be read. */
  readonly verdict: 'same' | 'different' | 'taken' | AppError;
}

type ReadFile = (name: string) => Promise<Uint8Array>;

/** A file and what of it belongs to which slice. */
interface SliceFile {
  readonly name: string;
  readonly slices: readonly { readonly k: number; readonly header: DicomHeader }[];
}

/** Reads through `readFile(header.name)`, each file once. Rejects with what `readDicomImage` rejects with where no copy can be read. */
export async function readSlices(
  headers: readonly DicomHeader[],
  duplicates: readonly DuplicateInstance[],
  readFile: ReadFile,
): Promise<ReadSlices> {
  const [first] = headers;
  const sliceLength = first === undefined ? 0 : first.rows * first.columns;
  const length = sliceLength * headers.length;
  let data = headers.every(hasIntegerRescale) ? new Int16Array(length) : new Float32Array(length);
  const copies: ComparedCopy[] = [];

  const take = async (bytes: Uint8Array, file: SliceFile): Promise<void> => {
    for await (const { k, header, stored } of framesOf(bytes, file)) {
      if (writeFrameValues(stored, header, data, k * sliceLength)) continue;
      if (data instanceof Int16Array) data = Float32Array.from(data);
      if (!writeFrameValues(stored, header, data, k * sliceLength))
        throw new AppError('VOLUME_NOT_FINITE', { path: file.name, count: 1 });
    }
  };
  const isSame = async (bytes: Uint8Array, file: SliceFile): Promise<boolean> => {
    const values = new Float32Array(sliceLength);
    for await (const { k, header, stored } of framesOf(bytes, file)) {
      const fits = writeFrameValues(stored, header, values, 0);
      if (!fits || values.some((value, at) => value !== data[k * sliceLength + at])) return false;
    }
    return true;
  };

  const copiesOf = new Map(duplicates.map(({ kept }) => [kept, [] as DicomHeader[]]));
  for (const { kept, duplicate } of duplicates) copiesOf.get(kept)?.push(duplicate);
  const files = byFile(headers.map((header, k) => ({ k, header })));
  for (const { file, reading } of readAhead(files, readFile)) {
    const { slices } = file;
    const others = byFile(
      slices.flatMap(({ k, header }) => (copiesOf.get(header) ?? []).map((copy) => ({ k, header: copy }))),
    );
    let taken: string | undefined;
    const unreadable: { header: DicomHeader; error: AppError }[] = [];
    for (const one of [file, ...others]) {
      const [{ header } = {}] = one.slices;
      if (header === undefined || (taken === undefined && one.slices.length < slices.length)) continue;
      try {
        const bytes = await (one === file ? reading : readFile(one.name));
        if (taken !== undefined)
          copies.push({ header, taken, verdict: (await isSame(bytes, one)) ? 'same' : 'different' });
        else {
          await take(bytes, one);
          taken = one.name;
          if (one !== file) copies.push({ header, taken, verdict: 'taken' });
        }
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        unreadable.push({ header, error });
      }
    }
    if (taken === undefined) throw unreadable[0]?.error ?? new RangeError(`${file.name} has no slices.`);
    for (const { header, error } of unreadable) copies.push({ header, taken, verdict: error });
  }
  return { data, copies };
}

/** The frames of a file, decoded one after the other. */
async function* framesOf(
  bytes: Uint8Array,
  { name, slices }: SliceFile,
): AsyncGenerator<{ readonly k: number; readonly header: DicomHeader; readonly stored: StoredWords }> {
  const file = readDicomFrames(bytes, name);
  const readFrame = frameReader(file.bytes, name);
  for (const { k, header: expected } of slices) {
    const header = file.headers[expected.frame];
    if (!header || !isSameImage(header, expected))
      throw new AppError('FILE_UNREADABLE', { path: name, reason: 'it changed while it was being read' });
    yield { k, header, stored: await readFrame(header) };
  }
}

const filesAhead = 3;

/** Files in order, the next few being read while one is worked on. */
function* readAhead(
  files: readonly SliceFile[],
  readFile: ReadFile,
): Generator<{ readonly file: SliceFile; readonly reading: Promise<Uint8Array> }> {
  const waiting = [...files];
  const started: { file: SliceFile; reading: Promise<Uint8Array> }[] = [];
  const start = (): void => {
    const file = waiting.shift();
    if (file === undefined) return;
    const reading = readFile(file.name);
    // A failure is thrown at its turn, or never when an earlier file ends the work.
    reading.catch(() => undefined);
    started.push({ file, reading });
  };
  for (let ahead = 0; ahead < filesAhead; ahead++) start();
  for (let next = started.shift(); next !== undefined; next = started.shift()) {
    start();
    yield next;
  }
}

/** The slices each file holds, files in the order of their first slice. */
function byFile(slices: SliceFile['slices']): SliceFile[] {
  const files = new Map<string, { k: number; header: DicomHeader }[]>();
  for (const slice of slices) {
    const known = files.get(slice.header.name);
    if (known) known.push(slice);
    else files.set(slice.header.name, [slice]);
  }
  return [...files].map(([name, held]) => ({ name, slices: held }));
}

const isSameImage = (a: DicomHeader, b: DicomHeader): boolean =>
  a.sopInstanceUid === b.sopInstanceUid && a.rows === b.rows && a.columns === b.columns;

const hasIntegerRescale = ({ rescaleSlope, rescaleIntercept }: DicomHeader): boolean =>
  Number.isInteger(rescaleSlope) && Number.isInteger(rescaleIntercept);
