import { createHash } from 'node:crypto';
import { fileHash } from '../../workflows/files/fileHash.ts';

/**
 * One SHA-256 for a set of files, whatever their names and order: of their hashes in hexadecimal, sorted, one a line
 * (`sha256sum FILES | cut -c1-64 | sort | sha256sum`). Throws as `fileHash`.
 */
export async function hashOfFiles(paths: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const path of paths) hashes.push(await fileHash(path));
  return createHash('sha256')
    .update(
      hashes
        .sort()
        .map((hash) => `${hash}\n`)
        .join(''),
    )
    .digest('hex');
}
