/** How large the demo is. Sizes are chosen for two processor cores: `quick` ends within six minutes there. */
import { makeTrainingConfig } from '../../workflows/train/trainingConfig.ts';

export interface DemoPlan {
  readonly cases: number;
  readonly slices: number;
  /** In-plane size and spacing: the whole body fits the preset's crop, and nothing is resampled. */
  readonly sizePx: readonly [number, number];
  readonly spacingMm: number;
  readonly seed: number;
  /** Largest displacement between MR and CT of the misaligned cases, mm. */
  readonly misalignMm: number;
  /** Misaligned cases that training never sees. */
  readonly heldOut: number;
  readonly preset: string;
  /** Instead of the preset's number. */
  readonly epochs?: number;
}

const quick: DemoPlan = {
  cases: 12,
  slices: 24,
  sizePx: [160, 104],
  spacingMm: 2.5,
  seed: 7,
  misalignMm: 6,
  heldOut: 2,
  preset: 'quick',
};

/** The plan of `ilium demo`: twice the patients and three times the epochs of `--quick`. */
export function demoPlan({ isQuick }: { readonly isQuick: boolean }): DemoPlan {
  if (isQuick) return quick;
  const { constantEpochs, decayEpochs } = makeTrainingConfig('meta', quick.preset);
  return { ...quick, cases: 2 * quick.cases, epochs: 3 * (constantEpochs + decayEpochs) };
}
