/** What a model must beat to have learned anything: the reference points of `workflows/baselines`, fitted on what training saw. */
import { fitMrNormalisation, normaliseMr } from '../../imaging/intensity/mrNormalisation.ts';
import { boneDice } from '../../imaging/metrics/boneDice.ts';
import { tissueErrors } from '../../imaging/metrics/tissueErrors.ts';
import {
  applyMonotoneLookup,
  fitMonotoneLookup,
  type IntensityPair,
  type MonotoneLookup,
} from '../../workflows/baselines/monotoneLookup.ts';
import {
  fitTissueConstant,
  paintTissueConstant,
  type LabelledCt,
} from '../../workflows/baselines/tissueConstant.ts';
import type { DemoCase } from './demoCohort.ts';

export interface ReferencePoint {
  readonly maeHu: number | null;
  readonly boneDice250: number | null;
}

export interface ReferencePoints {
  readonly tissueConstant: ReferencePoint;
  readonly monotoneLookup: ReferencePoint & { readonly direction: MonotoneLookup['direction'] };
}

/** Fits on `seen` (MR and CT as given) and measures on `test` against its true CT inside the skin. */
export async function referencePoints(seen: readonly DemoCase[], test: DemoCase): Promise<ReferencePoints> {
  const pairs: (IntensityPair & LabelledCt)[] = [];
  for (const one of seen) pairs.push({ ...(await normalised(one)), ctHu: (await one.readCt()).data });
  const lookup = fitMonotoneLookup(pairs);
  const constants = fitTissueConstant(pairs);

  const { mr, labels, mask } = await normalised(test);
  const truth = (await test.readTrueCt()).data;
  const measure = (hu: ArrayLike<number>): ReferencePoint => ({
    maeHu: tissueErrors(truth, hu, mask).body.maeHu,
    boneDice250: boneDice(truth, hu, mask, 250),
  });
  return {
    tissueConstant: measure(paintTissueConstant(constants, labels)),
    monotoneLookup: { ...measure(applyMonotoneLookup(lookup, mr)), direction: lookup.direction },
  };
}

async function normalised(
  one: DemoCase,
): Promise<{ mr: Float32Array; labels: ArrayLike<number>; mask: ArrayLike<number> }> {
  const [{ data }, { data: labels }] = [await one.readMr(), await one.readLabels()];
  const mr = normaliseMr(data, fitMrNormalisation(data, labels, { subject: one.label }));
  return { mr, labels, mask: labels };
}
