/** The built window: files of one folder, and nothing outside it. */
import { stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileStream } from './fileStream.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface StaticFile {
  readonly contentType: string;
  readonly bytes: number;
  /** Its name carries a hash of its content, so that it never changes. */
  readonly isHashed: boolean;
  readonly open: () => ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface StaticFiles {
  /** The file a URL's path names (`/` is `index.html`); undefined when there is none. */
  find(urlPath: string): Promise<StaticFile | undefined>;
}

/** Files of `directory`, as they lie there when they are asked for. */
export function openStaticFiles(directory: string): StaticFiles {
  return {
    async find(urlPath) {
      const relative = decodedPath(urlPath === '/' ? '/index.html' : urlPath);
      if (relative === undefined) return undefined;
      const path = join(directory, relative);
      if (!path.startsWith(directory.endsWith(sep) ? directory : directory + sep)) return undefined;
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile()) return undefined;
      return {
        contentType: contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream',
        bytes: found.size,
        isHashed: /^\/assets\/.*-[\w-]{8,}\.\w+$/.test(urlPath),
        open: () => fileStream(path, 0, found.size),
      };
    },
  };
}

/** Undefined for what is no path below the folder: bad escapes, a NUL, a step upwards. */
function decodedPath(urlPath: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(urlPath));
    return path.includes('\0') || path.split(/[/\\]/).includes('..') ? undefined : path;
  } catch {
    return undefined;
  }
}
