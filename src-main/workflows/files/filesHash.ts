import { createHash } from 'node:crypto';
import { fileHash } from './fileHash.ts';

/**
 * SHA-256 of files that belong together, whatever their names and order: of the one, or of the sorted digests of all (hexadecimal, a line
 * each). Throws FILE_NOT_FOUND, FILE_UNREADABLE.
 */
export async function filesHash(paths: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const path of paths) hashes.push(await fileHash(path));
  const [only] = hashes;
  if (only !== undefined && hashes.length === 1) return only;
  return createHash('sha256')
    .update(
      hashes
        .toSorted()
        .map((hash) => `${hash}\n`)
        .join(''),
    )
    .digest('hex');
}
