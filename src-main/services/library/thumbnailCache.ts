/** Small pictures beside their case (`cases/<case>/cache/`), so that a library that was seen once is seen at once. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/appError.ts';
import { systemCode } from '../../workflows/files/toWriteError.ts';
import { writeAtomically } from '../../workflows/files/writeAtomically.ts';

/** Goes up whenever pictures are drawn otherwise, so that old ones are drawn again. */
const drawing = 1;

/** The picture of a case's volume in this version of its file: the kept one, or a new one from `draw`. Throws what `draw` throws. */
export type ThumbnailCache = (
  caseId: string,
  name: string,
  version: string,
  draw: () => Promise<Uint8Array>,
) => Promise<Uint8Array>;

export function createThumbnailCache(casesDirectory: string): ThumbnailCache {
  return async (caseId, name, version, draw) => {
    const folder = join(casesDirectory, caseId, 'cache');
    const digest = createHash('sha256').update(`${drawing} ${version}`).digest('hex').slice(0, 16);
    const file = `thumbnail ${name} ${digest}.png`;
    const kept = await readKept(join(folder, file));
    if (kept) return kept;
    const picture = await draw();
    await keep(folder, file, `thumbnail ${name} `, picture);
    return picture;
  };
}

async function readKept(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}

/** Writes the picture and removes those of earlier versions. What cannot be kept (a full or protected disk) is drawn again next time. */
async function keep(folder: string, file: string, start: string, picture: Uint8Array): Promise<void> {
  try {
    // Not recursive: a case that was deleted meanwhile must not come back as an empty folder.
    await mkdir(folder).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    await writeAtomically(join(folder, file), picture);
    const old = (await readdir(folder)).filter((other) => other.startsWith(start) && other !== file);
    for (const other of old) await rm(join(folder, other), { force: true });
  } catch (error) {
    if (!(error instanceof AppError) && systemCode(error) === undefined) throw error;
  }
}
