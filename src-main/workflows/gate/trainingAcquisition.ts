/** What the cases a model was trained on were like: the part of its card that the gate compares an MR with. */
import { z } from 'zod';
import type { MrFacts } from './mrFacts.ts';

const range = z.object({ low: z.number(), high: z.number() });
export type FactRange = z.infer<typeof range>;

/** Ranges over the training cases; what none of them told is absent. */
export const trainingAcquisitionSchema = z.object({
  cases: z.int().positive(),
  /** As `sequenceName` writes them. */
  sequences: z.array(z.string()).exactOptional(),
  /** Whether cases with and without contrast agent were among them. */
  contrastAgent: z.array(z.boolean()).exactOptional(),
  magneticFieldStrengthT: range.exactOptional(),
  echoTimeMs: range.exactOptional(),
  repetitionTimeMs: range.exactOptional(),
  inPlaneMm: range,
  sliceSpacingMm: range,
  extentMm: range,
  degreesFromAxial: range,
  /** Share of the image's border that is body, and the largest region without signal. */
  borderShare: range,
  darkMl: range,
});
export type TrainingAcquisition = z.infer<typeof trainingAcquisitionSchema>;

/** Scanning sequence, variant and 2D or 3D in one word, such as `GR SP 3D`; null where the image says nothing. */
export function sequenceName({ sequence }: Pick<MrFacts, 'sequence'>): string | null {
  if (sequence === null || sequence.scanningSequence === '') return null;
  const { scanningSequence, sequenceVariant, mrAcquisitionType } = sequence;
  const sorted = (value: string): string => value.split('\\').sort().join('+');
  return [sorted(scanningSequence), sorted(sequenceVariant), mrAcquisitionType]
    .filter((part) => part !== '' && part !== 'NONE')
    .join(' ');
}

/** Ranges over some cases; undefined for none. */
export function trainingAcquisition(facts: readonly MrFacts[]): TrainingAcquisition | undefined {
  if (facts.length === 0) return undefined;
  const rangeOf = (read: (one: MrFacts) => number | null | undefined): FactRange | undefined => {
    const values = facts.map(read).filter((value) => value !== null && value !== undefined);
    return values.length === 0 ? undefined : { low: Math.min(...values), high: Math.max(...values) };
  };
  const distinct = <T extends string | boolean>(
    values: readonly (T | null | undefined)[],
  ): T[] | undefined => {
    const known = [...new Set(values.filter((value) => value !== null && value !== undefined))].sort();
    return known.length === 0 ? undefined : known;
  };
  const present = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> =>
    value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
  const always = (read: (one: MrFacts) => number): FactRange => rangeOf(read) ?? { low: NaN, high: NaN };
  return {
    cases: facts.length,
    ...present('sequences', distinct(facts.map(sequenceName))),
    ...present('contrastAgent', distinct(facts.map(({ sequence }) => sequence?.hasContrastAgent))),
    ...present(
      'magneticFieldStrengthT',
      rangeOf(({ sequence }) => sequence?.magneticFieldStrengthT),
    ),
    ...present(
      'echoTimeMs',
      rangeOf(({ sequence }) => sequence?.echoTimeMs),
    ),
    ...present(
      'repetitionTimeMs',
      rangeOf(({ sequence }) => sequence?.repetitionTimeMs),
    ),
    inPlaneMm: always(({ inPlaneMm }) => inPlaneMm),
    sliceSpacingMm: always(({ sliceSpacingMm }) => sliceSpacingMm),
    extentMm: always(({ extentMm }) => extentMm),
    degreesFromAxial: always(({ degreesFromAxial }) => degreesFromAxial),
    borderShare: always(({ border }) => border.share),
    darkMl: always(({ darkMl }) => darkMl),
  };
}
