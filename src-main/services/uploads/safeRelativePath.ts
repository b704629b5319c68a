import { sep } from 'node:path';

/** Of these, and of control characters, some system makes something else than a name. */
const unsafeCharacters = ':*?"<>|';

/** Names that Windows takes for devices, with whatever ending. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The path of a dropped file, such as `MR/IM0001`, in this system's form; undefined when it is absolute, names a drive, steps upwards, or has a
 * part that some system would read as something else than a plain name.
 */
export function safeRelativePath(path: string): string | undefined {
  const parts = path.split(/[/\\]/);
  const isPlain = (part: string): boolean =>
    part !== '' &&
    part !== '.' &&
    part !== '..' &&
    part.length <= 255 &&
    [...part].every((character) => character >= ' ' && !unsafeCharacters.includes(character)) &&
    !/[. ]$/.test(part) &&
    !deviceName.test(part);
  return path.length <= 4096 && parts.every(isPlain) ? parts.join(sep) : undefined;
}
