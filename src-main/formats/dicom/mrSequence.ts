/**
 * How an MR series was acquired, as far as a model can depend on it. Texts are as in the file ('' where it does not say), numbers null.
 *
 * Source: DICOM PS3.3 C.8.3.1 (MR Image), C.7.6.4 (Contrast/Bolus: the module is there when contrast was given).
 */
import { z } from 'zod';
import type { DataSet } from './dicomParser.ts';

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

/** Reads a single-frame MR image; undefined for another modality. */
export function readMrSequence(dataSet: DataSet): MrSequence | undefined {
  if (dataSet.string('x00080060')?.trim() !== 'MR') return undefined;
  const text = (tag: string): string => dataSet.string(tag)?.trim() ?? '';
  const number = (tag: string): number | null => {
    const value = Number.parseFloat(text(tag));
    return Number.isFinite(value) && value > 0 ? value : null;
  };
  const field = number('x00180087');
  return {
    scanningSequence: text('x00180020'),
    sequenceVariant: text('x00180021'),
    mrAcquisitionType: text('x00180023'),
    hasContrastAgent: text('x00180010') !== '',
    // Some scanners write gauss.
    magneticFieldStrengthT: field === null ? null : field > 100 ? field / 10_000 : field,
    echoTimeMs: number('x00180081'),
    repetitionTimeMs: number('x00180080'),
  };
}
