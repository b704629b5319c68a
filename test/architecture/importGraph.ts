/** Reads the imports of a source tree (static, type-only, dynamic and re-exports) with TypeScript's own scanner. */
import { readFileSync, readdirSync } from 'node:fs';
import { posix, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

export interface SourceImports {
  /** Path from the root, forward slashes. */
  readonly file: string;
  readonly specifiers: readonly string[];
}

/** The module specifiers that appear in `text`. */
export function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The scripts of a Svelte component, which its markup would confuse the scanner about; other files as they are. */
function scriptOf(path: string, text: string): string {
  if (!path.endsWith('.svelte')) return text;
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join('\n');
}

/** Every `.ts`, `.mjs` and `.svelte` file under `root/folder` with its imports. */
export function readImports(root: string, folder: string): SourceImports[] {
  return readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|svelte)$/.test(entry.name))
    .map((entry) => resolve(entry.parentPath, entry.name))
    .map((path) => ({
      file: relative(root, path).split(sep).join('/'),
      specifiers: importsOf(scriptOf(path, readFileSync(path, 'utf8'))),
    }));
}

/** Import cycles, each as the list of files along it; a file that imports itself counts. */
export function importCycles(sources: readonly SourceImports[]): string[][] {
  const edges = new Map(
    sources.map(({ file, specifiers }): [string, string[]] => [
      file,
      specifiers
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.normalize(posix.join(posix.dirname(file), specifier))),
    ]),
  );
  const finished = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) {
      cycles.push([...trail.slice(at), file]);
      return;
    }
    if (finished.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    finished.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return cycles;
}
