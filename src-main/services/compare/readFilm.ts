/** A few frames of a run's film, evenly spread over the epochs after its warm-up, of the slice in the middle. */
import type { FilmFrames } from '../../workflows/compare/pictures/drawFilm.ts';
import type { RunPaths } from '../../workflows/train/runFolder.ts';
import { filmFrame, filmOf, filmSlices, weighedEpochs } from '../training/runFilm.ts';

const wanted = 6;

/** Null for a run without weights, without a film, or still in its warm-up. Throws what reading it throws. */
export async function readFilm(paths: RunPaths): Promise<FilmFrames | null> {
  const film = await filmOf(paths, (caseId) => caseId);
  const { size, spacingMm, slices } = film;
  const epochs = weighedEpochs(film);
  if (slices.length === 0 || epochs.length === 0) return null;
  const pixels = size[0] * size[1];
  const at = Math.floor(slices.length / 2);
  // MR, then CT of each slice; weight, then prediction of each.
  const ctHu = (await filmSlices(paths)).slice((2 * at + 1) * pixels, (2 * at + 2) * pixels);
  const chosen = Array.from({ length: Math.min(wanted, epochs.length) }, (_, n) =>
    Math.round((n * (epochs.length - 1)) / Math.max(1, Math.min(wanted, epochs.length) - 1)),
  ).flatMap((place) => epochs.slice(place, place + 1));
  const frames: FilmFrames['frames'][number][] = [];
  for (const epoch of chosen) {
    const weight = (await filmFrame(paths, epoch)).slice(2 * at * pixels, (2 * at + 1) * pixels);
    frames.push({ epoch, weight });
  }
  return { size, pixelMm: spacingMm, ctHu, frames };
}
