/**
 * Cases: their images, synthetic CTs, registration, structures.
 *
 * GET  /api/cases                                     → CaseSummary[]
 * GET  /api/cases/:case                               → CaseDetail
 * DELETE /api/cases/:case                             → 204; into the workspace's `trash/`
 * POST /api/cases/:case/restore                       → CaseDetail (undo of the deletion)
 * DELETE /api/cases/:case/registration                → CaseDetail: the CT lies where its own file puts it; records of registrations stay
 * GET  /api/cases/:case/volumes/:volume               → binary voxels, little-endian, i fastest; header `Ilium-Volume`: VolumeHeader as JSON
 *                                                       (:volume = mr | ct | mask | an sCT's id | weight)
 * GET  /api/cases/:case/volumes/:volume/thumbnail     → PNG, middle axial slice, 96 px high
 * POST /api/uploads                                   → { upload: string }: for a browser, which cannot tell paths
 * PUT  /api/uploads/:upload/files                     ← dropped files under their relative paths, framed as `uploadFrames.ts` says → 204
 * DELETE /api/uploads/:upload                         → 204
 * GET  /api/cases/:case/scts/:sct                     → SctDetail;  DELETE → 204
 * POST /api/cases/:case/gate                          ← { modelId } → GateBody: does this MR fit that model
 * GET  /api/cases/:case/structures                    → StructureSetBody[]: sets that were drawn on its images, with their contours
 * GET  /api/cases/:case/structures/:set/statistics?sct= → RegionBody[]: HU of every region in the CT and in that sCT
 */
import type { FindingBody } from './session.ts';
import type { GridBody, Vector3Body } from './volumes.ts';

export interface ImageSummary extends GridBody {
  /** Series description or file name. */
  readonly name: string;
  readonly spacingMm: Vector3Body;
  /** `axial`, `sagittal`, `coronal`, with the angle to it where oblique by more than 0.5°. */
  readonly orientation: string;
  readonly obliqueDegrees: number;
}

export interface CaseSummary {
  readonly caseId: string;
  readonly label: string;
  readonly importedAt: string;
  readonly mr: ImageSummary | null;
  readonly ct: ImageSummary | null;
  readonly hasMask: boolean;
  /** Whether a finished run holds weight maps of it. */
  readonly hasWeight: boolean;
  readonly scts: readonly SctSummary[];
}

export interface CaseDetail extends CaseSummary {
  /** What is odd about its images, in plain words. */
  readonly findings: readonly FindingBody[];
  /** How its CT was placed in the MR's space; null where it lies as imported. */
  readonly registration: RegistrationBody | null;
  /** How many structure sets were drawn on its images. */
  readonly structureSets: number;
}

/** Turned about x, y, then z of LPS through the centre (right-handed), then shifted. */
export interface RigidTransformBody {
  readonly rotationsDegrees: Vector3Body;
  readonly translationMm: Vector3Body;
  readonly centreLps: Vector3Body;
}

export interface RegistrationBody {
  readonly registrationId: string;
  readonly createdAt: string;
  readonly origin: 'automatic' | 'manual';
  /** Which image the search held still. */
  readonly fixed: 'mr' | 'ct';
  /** Where it began: as the files put the images, body on body, or where a person had put the CT. */
  readonly startedFrom: 'as-they-lie' | 'bodies' | 'by-hand';
  /** From where the CT's own file puts it to the MR. */
  readonly ctToMr: RigidTransformBody;
  /** Nats inside the MR's body; null where an image is constant there. */
  readonly mutualInformation: { readonly before: number | null; readonly after: number | null };
  /** Dice of the bodies where both images reach. */
  readonly bodyOverlap: number;
  /** Share of the MR's body that the CT reaches. */
  readonly coverage: number;
  /** Against the start. */
  readonly turnDegrees: number;
  readonly shiftMm: number;
}

export interface SctSummary {
  readonly sctId: string;
  readonly createdAt: string;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly weightHash: string;
  readonly seconds: number;
  /** Against the case's CT as it lies, inside the body; null without CT. */
  readonly maeHu: number | null;
  readonly boneDice250: number | null;
}

export interface SctDetail extends SctSummary, GridBody {
  readonly findings: readonly FindingBody[];
}

/** A structure set as it was drawn on the images of a case. */
export interface StructureSetBody {
  readonly structureSetId: string;
  readonly label: string;
  /** False when the case's images were replaced by others in another frame of reference: nothing of it is to be shown. */
  readonly fits: boolean;
  readonly findings: readonly FindingBody[];
  readonly regions: readonly {
    readonly number: number;
    readonly name: string;
    /** Red, green, blue; null where the file names none. */
    readonly colour: readonly [number, number, number] | null;
    readonly type: string;
    /** x, y, z of the points one after the other, LPS mm; `closed`: the last is joined to the first. */
    readonly contours: readonly { readonly closed: boolean; readonly points: readonly number[] }[];
  }[];
}

/** HU inside a region: mean, standard deviation and range over the voxels an image reaches. */
export interface RegionValuesBody {
  readonly voxels: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

export interface RegionBody {
  readonly number: number;
  readonly name: string;
  readonly voxels: number;
  readonly volumeMl: number;
  /** Null where there is no such image, or none of it inside. */
  readonly ct: RegionValuesBody | null;
  readonly sct: RegionValuesBody | null;
}

/** What the domain gate says of an MR and a model. `unknown`: the MR or the model does not tell. */
export interface GateBody {
  /** The worst of the checks; what is not known counts as amber. */
  readonly verdict: 'green' | 'amber' | 'stop';
  /** Why someone went on where it stops. */
  readonly override: string | null;
  readonly checks: readonly {
    readonly key: string;
    readonly verdict: 'green' | 'unknown' | 'amber' | 'stop';
    /** Of a finding; `text` is its English sentence. */
    readonly code: string;
    readonly details: Readonly<Record<string, string | number>>;
    readonly text: string;
  }[];
}
