/**
 * `cases/<caseId>/registrations/<id>.json`: where a case's CT was placed in the MR's space, how that was found and how far it can be believed.
 * Records are only ever added; the case's own record names the one in use.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { invertAffine, applyAffine, type Affine } from '../../shared/affine.ts';
import { rigidFromAffine, type RigidTransform } from '../../shared/rigidTransform.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { findingSchema } from '../findings/findingSchema.ts';
import { registrationIdSchema, type CaseRecord } from '../workspace/caseRecord.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

const three = z.tuple([z.number(), z.number(), z.number()]);

/** Three turns (degrees about x, y, z of LPS, in this order, through the centre), three shifts in mm, the centre in LPS mm. */
export const rigidTransformSchema = z.object({
  rotationsDegrees: three,
  translationMm: three,
  centreLps: three,
});

/** Row-major 4×4, LPS mm → LPS mm. */
const matrixSchema = z.array(z.number()).length(16);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const registrationRecordSchema = z.object({
  schemaVersion: z.literal(1),
  registrationId: registrationIdSchema,
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  origin: z.enum(['automatic', 'manual']),
  /** Which program and version wrote this. */
  program: z.string(),
  /** Of an automatic one: how it was searched. */
  search: z
    .object({
      program: z.string(),
      metric: z.string(),
      bins: z.int().positive(),
      seed: z.int(),
      /** Voxel sizes of the resolutions, mm. */
      spacingsMm: z.array(z.number().positive()),
    })
    .optional(),
  /** Which image was held still, and which was moved onto it. */
  fixed: z.enum(['mr', 'ct']),
  moving: z.enum(['mr', 'ct']),
  movingToFixed: matrixSchema,
  /** `movingToFixed` as six numbers. */
  parameters: rigidTransformSchema,
  start: z.object({
    how: z.enum(['as-they-lie', 'bodies', 'by-hand']),
    /** Where the search, or the hand, began. */
    ctToMr: matrixSchema,
  }),
  quality: z.object({
    /** Nats inside the MR's body. */
    mutualInformation: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
    /** Dice where both images reach. */
    bodyOverlap: z.number(),
    /** Share of the MR's body that the CT reaches. */
    coverage: z.number(),
    turnDegrees: z.number(),
    shiftMm: z.number(),
  }),
  findings: z.array(findingSchema),
  /** SHA-256 of the files that were registered. */
  inputs: z.object({ mr: sha256, ct: sha256 }),
});

export type RegistrationRecord = z.infer<typeof registrationRecordSchema>;

export function registrationPath(workspace: Workspace, caseId: string, registrationId: string): string {
  return join(workspace.casesDirectory, caseId, 'registrations', `${registrationId}.json`);
}

/** The registration a case uses; null for one that lies as it was imported. Throws FILE_NOT_FOUND, RECORD_INVALID. */
export async function readRegistration(
  workspace: Workspace,
  { caseId, registration }: CaseRecord,
): Promise<RegistrationRecord | null> {
  if (registration === undefined) return null;
  return readRecord(registrationPath(workspace, caseId, registration.id), registrationRecordSchema);
}

/** CT → MR of a record, LPS mm. */
export function ctToMrOf({ moving, movingToFixed }: RegistrationRecord): Affine {
  const affine = affineOfMatrix(movingToFixed);
  return moving === 'ct' ? affine : invertAffine(affine);
}

/** The same as six numbers, about the point of the CT that the search began with at the MR's centre. */
export function placementOf(record: RegistrationRecord): RigidTransform {
  if (record.moving === 'ct') return record.parameters;
  const centre = applyAffine(affineOfMatrix(record.movingToFixed), record.parameters.centreLps);
  return rigidFromAffine(ctToMrOf(record), centre);
}

export function matrixOf(affine: Affine): number[] {
  return [...affine, 0, 0, 0, 1];
}

/** The upper three rows. Throws a RangeError for fewer than twelve numbers. */
export function affineOfMatrix(matrix: readonly number[]): Affine {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = matrix;
  const rows = [a, b, c, tx, d, e, f, ty, g, h, i, tz];
  if (!rows.every((value) => value !== undefined)) throw new RangeError('A matrix needs twelve numbers.');
  return rows as unknown as Affine;
}
