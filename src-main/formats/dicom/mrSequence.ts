/**
 * How an MR series was acquired, as far as a model can depend on it. Texts are as in the file ('' where it does not say), numbers null.
 *
 * Source: DICOM PS3.3 C.8.3.1 (MR Image), C.7.6.4 (Contrast/Bolus: the module is there when contrast was given).
 */
import { z } from 'zod';
import type { AttributeFinder } from './frameAttributes.ts';

const quantity = z.number().nullable();

export const mrSequenceSchema = z.object({
  /** SE, IR, GR, EP, RM; several joined by a backslash. */
  scanningSequence: z.string(),
  sequenceVariant: z.string(),
  /** 2D or 3D. */
  mrAcquisitionType: z.string(),
  hasContrastAgent: z.boolean(),
  magneticFieldStrengthT: quantity,
  echoTimeMs: quantity,
  repetitionTimeMs: quantity,
});

export type MrSequence = z.infer<typeof mrSequenceSchema>;

/** Reads an MR image or a frame of an enhanced one; undefined for another modality. */
export function readMrSequence(find: AttributeFinder): MrSequence | undefined {
  const text = (tag: string): string => find(tag).string(tag)?.trim() ?? '';
  if (text('x00080060') !== 'MR') return undefined;
  const number = (tag: string): number | null => positive(Number.parseFloat(text(tag)));
  const field = number('x00180087');
  return {
    scanningSequence: text('x00180020'),
    sequenceVariant: text('x00180021'),
    mrAcquisitionType: text('x00180023'),
    hasContrastAgent: text('x00180010') !== '',
    // Some scanners write gauss.
    magneticFieldStrengthT: field === null ? null : field > 100 ? field / 10_000 : field,
    // An enhanced image has its echo time as a binary number, EffectiveEchoTime.
    echoTimeMs: number('x00180081') ?? positive(find('x00189082').double('x00189082')),
    repetitionTimeMs: number('x00180080'),
  };
}

const positive = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
