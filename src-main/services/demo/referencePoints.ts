/** What a model must beat to have learned anything: the reference points of `workflows/baselines`, fitted on what training saw. */
import { fitMrNormalisation, normaliseMr } from '../../imaging/intensity/mrNormalisation.ts';
import { boneDice } from '../../imaging/metrics/boneDice.ts';
import { tissueClass, tissueErrors } from '../../imaging/metrics/tissueErrors.ts';
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
  /** One HU each for air, soft tissue and bone, told apart by the true CT: bulk densities with perfect outlines. */
  readonly bulkDensity: ReferencePoint;
  /** One HU for each of the phantom's tissues, known exactly: no method on a patient has this. */
  readonly tissueConstant: ReferencePoint;
  readonly monotoneLookup: ReferencePoint & { readonly direction: MonotoneLookup['direction'] };
}

/** Fits on `seen` (MR and CT as given) and measures on `test` against its true CT inside the skin. */
export async function referencePoints(seen: readonly DemoCase[], test: DemoCase): Promise<ReferencePoints> {
  const pairs: (IntensityPair & LabelledCt)[] = [];
  for (const one of seen) pairs.push({ ...(await normalised(one)), ctHu: (await one.readCt()).data });
  const lookup = fitMonotoneLookup(pairs);
  const constants = fitTissueConstant(pairs);
  const densities = fitTissueConstant(
    pairs.map(({ ctHu, mask }) => ({ ctHu, labels: classesOf(ctHu, mask) })),
  );

  const { mr, labels, mask } = await normalised(test);
  const truth = (await test.readTrueCt()).data;
  const measure = (hu: ArrayLike<number>): ReferencePoint => ({
    maeHu: tissueErrors(truth, hu, mask).body.maeHu,
    boneDice250: boneDice(truth, hu, mask, 250),
  });
  return {
    bulkDensity: measure(paintTissueConstant(densities, classesOf(truth, mask))),
    tissueConstant: measure(paintTissueConstant(constants, labels)),
    monotoneLookup: { ...measure(applyMonotoneLookup(lookup, mr)), direction: lookup.direction },
  };
}

const classNumbers = { air: 1, soft: 2, bone: 3 } as const;

/** Tissue class of every voxel of a CT, 0 outside `mask`. */
function classesOf(ctHu: ArrayLike<number>, mask: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(ctHu, (hu, at) => (mask[at] ? classNumbers[tissueClass(hu)] : 0));
}

async function normalised(
  one: DemoCase,
): Promise<{ mr: Float32Array; labels: ArrayLike<number>; mask: ArrayLike<number> }> {
  const [{ data }, { data: labels }] = [await one.readMr(), await one.readLabels()];
  const mr = normaliseMr(data, fitMrNormalisation(data, labels, { subject: one.label }));
  return { mr, labels, mask: labels };
}
