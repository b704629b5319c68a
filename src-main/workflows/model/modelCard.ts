/**
 * `card.json` beside `model.onnx`: what a model is, what it was trained on, and what an image must be like for it. Any ONNX generator with
 * such a card can be used; the card's rules are applied to the MR before and to the output after it.
 */
import { z } from 'zod';
import { trainingAcquisitionSchema } from '../gate/trainingAcquisition.ts';

const positive = z.number().positive();

export const modelCardSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  createdAt: z.iso.datetime(),
  /** SHA-256 of `model.onnx`, hexadecimal. */
  weightHash: z.string().regex(/^[0-9a-f]{64}$/),
  intendedUse: z.string(),
  /** The input: so many neighbouring slices as channels, in-plane spacing in mm, size in voxels a multiple of this. */
  input: z.object({
    channels: z.union([z.literal(1), z.literal(3)]),
    spacingMm: z.tuple([positive, positive]),
    multipleOf: z.number().int().positive(),
    /** Percentiles inside the body that become −1 and 1. */
    mrPercentiles: z
      .tuple([z.number().min(0), z.number().max(100)])
      .refine(([low, high]) => low < high, 'the first must be below the second'),
    /** Width and height of the crops it was trained on, voxels: smaller slices are padded to this. */
    trainingCropPx: z.tuple([z.number().int().positive(), z.number().int().positive()]),
    /** Distribution of the training MRs inside the body (see `intensityProfile`), and how far one of them lay from it. */
    intensityProfile: z.object({ mean: z.array(z.number()), largestDistance: z.number() }).optional(),
  }),
  /** The output: HU that −1 and 1 stand for. */
  output: z
    .object({ lowHu: z.number().min(-32768), highHu: z.number().max(32767) })
    .refine(({ lowHu, highHu }) => lowHu < highHu, 'lowHu must be below highHu'),
  training: z
    .object({
      run: z.string(),
      method: z.string(),
      preset: z.string(),
      cases: z.number().int(),
      metaCases: z.number().int(),
      slices: z.number().int(),
      steps: z.number().int(),
      dataFingerprint: z.string(),
      /** What the training MRs were like; cards of before it was kept lack it. */
      acquisition: trainingAcquisitionSchema.exactOptional(),
      config: z.record(z.string(), z.unknown()),
      /** What must be known of the method besides: where features came from, parts that were switched. */
      notes: z.array(z.string()).optional(),
    })
    .optional(),
});

export type ModelCard = z.infer<typeof modelCardSchema>;
