/** The result of comparing a synthetic CT with the CT: plain data, written as JSON beside the readable report. */
import { z } from 'zod';
import { lpipsBackbones } from '../../learn/lpips.ts';

const measured = z.number().nullable();

export const evaluationReportSchema = z.object({
  schemaVersion: z.literal(1),
  /** Names of what was compared (paths or case ids), as given. */
  subject: z.object({ ct: z.string(), sct: z.string(), mask: z.string().nullable() }),
  grid: z.object({
    size: z.tuple([z.number(), z.number(), z.number()]),
    spacingMm: z.tuple([z.number(), z.number(), z.number()]),
  }),
  /** Voxels that count: those of the mask, or all. */
  voxels: z.number(),
  overall: z.object({
    maeHu: measured,
    /** sCT − CT. */
    meanErrorHu: measured,
    psnrDb: measured,
    /** True when the two are equal where it counts (after PSNR's clipping); PSNR is then infinite and shown as such. */
    identical: z.boolean(),
    ssim: measured,
  }),
  tissues: z.array(
    z.object({
      name: z.string(),
      rangeHu: z.string(),
      voxels: z.number(),
      meanErrorHu: measured,
      maeHu: measured,
    }),
  ),
  bone: z.array(
    z.object({
      thresholdHu: z.number(),
      dice: measured,
      surfaceMeanMm: measured,
      surface95Mm: measured,
    }),
  ),
  /** LPIPS v0.1, by the network it looks through. */
  lpips: z
    .array(
      z.object({
        backbone: z.enum(lpipsBackbones),
        /** Null where the images are too small for the network. */
        value: measured,
        /** What was mapped to the network's −1…1. */
        windowHu: z.tuple([z.number(), z.number()]),
        /** Axial slices averaged. */
        slices: z.number(),
        /** Whether network and channel weights are the published ones; absent where it was not asked. */
        published: z.boolean().exactOptional(),
      }),
    )
    .default([]),
  /** Metrics that need weights which are not installed, with the command that installs them. */
  notInstalled: z.array(z.object({ metric: z.string(), install: z.string() })),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['info', 'warning', 'error']),
      subject: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});

export type EvaluationReport = z.infer<typeof evaluationReportSchema>;
export type LpipsFigure = EvaluationReport['lpips'][number];
