import { PNG } from 'pngjs';

/** RGBA pixels of a PNG file. */
export function decodePng(file: Uint8Array): PNG {
  return PNG.sync.read(Buffer.from(file));
}
