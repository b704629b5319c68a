import type { DicomHeader } from './readDicomHeader.ts';

const shownNames = 3;

/** The files of some images for people: base names, frames of multi-frame files from 1, at most three and how many more there are. */
export function nameFiles(headers: readonly DicomHeader[]): string {
  const names = headers.slice(0, shownNames).map(nameFile);
  const more = headers.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` +${more}` : ''}`;
}

/** One of them. */
export function nameFile({ name, frame, frameCount }: DicomHeader): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return frameCount === 1 ? base : `${base}#${frame + 1}`;
}
