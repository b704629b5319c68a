/** Whether the weight maps of a run found the pixels whose CT is wrong, on the misaligned training cases. */
import { nearEdges } from '../../workflows/phantom/nearEdges.ts';
import { readWatchedSlices, type WatchedSlices } from '../../workflows/phantom/watchedSlices.ts';
import { weightAlignment, type WeightAlignment } from '../../workflows/phantom/weightAlignment.ts';
import { wrongPixels } from '../../workflows/phantom/wrongPixels.ts';
import type { DemoCase } from './demoCohort.ts';

export interface JudgedWeights {
  readonly slices: WatchedSlices;
  /** 1 where the CT as given is wrong by more than 100 HU. */
  readonly wrong: Uint8Array;
  /** Over all pixels inside the skin, and over those near strong edges of the CT as given or of the true one. */
  readonly alignment: { readonly all: WeightAlignment; readonly near: WeightAlignment };
}

const edges = { gradientHuPerPx: 100, distancePx: 3 };

/** Reads the weights of the run in `runFolder`. Throws what `readWatchedSlices` throws. */
export async function judgeWeights(runFolder: string, trained: readonly DemoCase[]): Promise<JudgedWeights> {
  const slices = await readWatchedSlices(runFolder, async (caseId) => {
    const known = trained.find((one) => one.caseId === caseId);
    if (!known || known.aligned) return null;
    return { mr: await known.readMr(), trueCt: await known.readTrueCt(), labels: await known.readLabels() };
  });
  const { ctHu, trueHu, body, size } = slices;
  const wrong = wrongPixels(ctHu, trueHu);
  const nearGiven = nearEdges(ctHu, size, edges);
  const nearTrue = nearEdges(trueHu, size, edges);
  const near = body.map((inside, at) => (inside && (nearGiven[at] || nearTrue[at]) ? 1 : 0));
  const pixels = { ...slices, wrong };
  return {
    slices,
    wrong,
    alignment: { all: weightAlignment(pixels, body), near: weightAlignment(pixels, near) },
  };
}
