/** Pictures of a film → one ZIP, stored as they are: PNG is compressed already. */
import { zipSync } from 'fflate';

export interface FilmPicture {
  readonly epoch: number;
  readonly png: Uint8Array;
}

/** `epoch-0007.png` … in the order of the epochs. */
export function zipPictures(pictures: readonly FilmPicture[]): Uint8Array<ArrayBuffer> {
  return zipSync(
    Object.fromEntries(
      pictures.map(({ epoch, png }) => [`epoch-${String(epoch).padStart(4, '0')}.png`, png]),
    ),
    { level: 0 },
  );
}
