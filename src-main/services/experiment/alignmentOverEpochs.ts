/** Whether a run's weight maps find the pixels whose CT is wrong, epoch by epoch: the slices of its film beside the truth of the phantoms. */
import { croppedTruth } from '../../workflows/phantom/croppedTruth.ts';
import { weightAlignment, type WeightAlignment } from '../../workflows/phantom/weightAlignment.ts';
import { wrongPixels } from '../../workflows/phantom/wrongPixels.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { runRecordSchema, type RunPaths } from '../../workflows/train/runFolder.ts';
import type { DemoCase } from '../demo/demoCohort.ts';
import { filmFrame, filmOf, filmSlices, weighedEpochs } from '../training/runFilm.ts';

export interface EpochAlignment {
  readonly epoch: number;
  readonly alignment: WeightAlignment;
}

/**
 * Of the film's slices of misaligned phantoms. A single step's map is noisier than the mean over visits that `judgeWeights` looks at; the
 * share of positive u is not filmed and taken as that of weights above 0. Empty for a run without weights, still in its warm-up, or
 * without such slices.
 */
export async function alignmentOverEpochs(
  paths: RunPaths,
  phantoms: readonly DemoCase[],
): Promise<EpochAlignment[]> {
  const film = await filmOf(paths, (caseId) => caseId);
  const epochs = weighedEpochs(film);
  if (epochs.length === 0) return [];
  const record = await readRecord(paths.record, runRecordSchema);
  const pixels = film.size[0] * film.size[1];
  const images = await filmSlices(paths);
  const slices: { at: number; counting: Uint8Array; wrong: Uint8Array }[] = [];
  const truths = new Map<string, Awaited<ReturnType<typeof truthOf>>>();
  for (const [at, { caseId, slice }] of film.slices.entries()) {
    const phantom = phantoms.find((one) => one.caseId === caseId);
    if (!phantom || phantom.aligned) continue;
    const truth = truths.get(caseId) ?? (await truthOf(phantom, record));
    truths.set(caseId, truth);
    const part = (values: Float32Array): Float32Array =>
      values.subarray(slice * pixels, (slice + 1) * pixels);
    slices.push({
      at,
      counting: Uint8Array.from(part(truth.body)),
      wrong: wrongPixels(images.subarray((2 * at + 1) * pixels, (2 * at + 2) * pixels), part(truth.trueHu)),
    });
  }
  const join = (parts: readonly Uint8Array[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((part) => [...part]));
  const counting = join(slices.map((one) => one.counting));
  const wrong = join(slices.map((one) => one.wrong));
  const found: EpochAlignment[] = [];
  for (const epoch of slices.length > 0 ? epochs : []) {
    const frame = await filmFrame(paths, epoch);
    const weight = new Float32Array(slices.length * pixels);
    for (const [place, { at }] of slices.entries())
      weight.set(frame.subarray(2 * at * pixels, (2 * at + 1) * pixels), place * pixels);
    const positiveShare = weight.map((value) => (value > 0 ? 1 : 0));
    found.push({ epoch, alignment: weightAlignment({ weight, positiveShare, wrong }, counting) });
  }
  return found;
}

async function truthOf(phantom: DemoCase, record: Parameters<typeof croppedTruth>[1]) {
  return croppedTruth(
    { mr: await phantom.readMr(), trueCt: await phantom.readTrueCt(), labels: await phantom.readLabels() },
    record,
    phantom.caseId,
  );
}
