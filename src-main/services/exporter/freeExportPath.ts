import { join } from 'node:path';
import { fileExists } from '../../workflows/files/fileExists.ts';

/** `<directory>/<name><ending>`, with a number behind the name where that or its receipt is taken. */
export async function freeExportPath(directory: string, name: string, ending = ''): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(directory, `${count === 1 ? name : `${name}-${count}`}${ending}`);
    if (!(await fileExists(path)) && !(await fileExists(receiptPath(path)))) return path;
  }
}

/** The receipt lies beside the exported folder or file, never in it: planning systems read every file of a folder. */
export function receiptPath(path: string): string {
  return `${path}.receipt.json`;
}
