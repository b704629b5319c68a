/**
 * The contract between the application and its window: every route with what goes in and what comes out. Types alone, so that the
 * window may import them. Bodies are JSON unless said otherwise; a failed request answers `ErrorBody` with a 4xx or 5xx status.
 *
 * GET  /api/session                                   → Session
 * GET  /api/events                                    → NDJSON of ServerEvent: a snapshot first, then what happens; `ping` every 5 s
 * GET  /api/settings                                  → Settings        PUT (whole) → Settings
 * GET  /api/last-session                              → unknown | null  PUT (any JSON, at most 256 KiB): the window's own memory of where it was
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
 *
 * GET  /api/models                                    → ModelSummary[]
 * GET  /api/models/:model                             → ModelDetail (the card)
 * GET  /api/devices                                   → DeviceSummary[] (probed once, may take seconds)
 *
 * POST /api/jobs                                      ← JobStart → JobSnapshot (202)
 * GET  /api/jobs/:job                                 → JobSnapshot;  GET /api/jobs/:job/log → text/plain
 * POST /api/jobs/:job/cancel                          ← { force?: boolean } → JobSnapshot. First asks to stop; `force` kills.
 * DELETE /api/jobs/:job                               → 204: forgets a finished job (leaves the tray)
 * GET  /api/jobs/:job/slices/:slice                   → binary float32 HU of one finished slice of a `generate` job, header `Ilium-Slice`: SliceHeader;
 *                                                       204 when it is not there yet or any more (slices go with their job)
 *
 * GET  /api/cases/:case/scts/:sct                     → SctDetail;  DELETE → 204
 * POST /api/cases/:case/gate                          ← { modelId } → GateBody: does this MR fit that model
 * POST /api/cases/:case/scts/:sct/export-plan         ← { seriesDescription?, grid? } → ExportPlan: every identifier that will be written
 *
 * GET  /api/cases/:case/structures                    → StructureSetBody[]: sets that were drawn on its images, with their contours
 * GET  /api/cases/:case/structures/:set/statistics?sct= → RegionBody[]: HU of every region in the CT and in that sCT
 *
 * GET  /api/cohort                                    → CohortView;  PUT ← { cases: CohortEdit[] } → CohortView
 * GET  /api/presets                                   → PresetBody[]
 * POST /api/runs/preflight                            ← RunRequest → Preflight
 * GET  /api/runs                                      → RunSummary[];  GET /api/runs/:run → RunDetail
 * GET  /api/runs/:run/log?from=N                      → RunLogPage: the lines of log.jsonl from the Nth on; a page may end before the log does
 * GET  /api/runs/:run/film                            → Film: which slices, which epochs
 * GET  /api/runs/:run/film/slices                     → binary float32 [n, 2, h, w]: MR in [−1, 1], CT in HU
 * GET  /api/runs/:run/film/:epoch                     → binary float32 [n, 2, h, w]: w (1 = average pixel; NaN without weights), prediction in HU
 *
 * GET  /api/comparisons                               → ComparisonsView
 * GET  /api/comparisons/runs                          → ComparableRun[]: what can be compared
 * GET  /api/comparisons/:comparison/page?theme=       → HTML without scripts, for a frame; `light`, `dark` or as the reader's system is
 * GET  /api/comparisons/:comparison/files/:file       → the file (:file = a ComparisonFile); the PDF is printed when it is first asked for
 * DELETE /api/comparisons/:comparison                 → 204; into the workspace's `trash/`
 * POST /api/comparisons/:comparison/restore           → 204 (undo of the deletion)
 *
 * GET  /api/network                                   → NetworkView: our own name on the network and the nodes, without secrets
 * PUT  /api/network                                   ← NetworkEdit (whole) → NetworkView; a secret that is not sent stays as it is
 * POST /api/network/nodes/:node/test                  → NetworkTest: whether it answers, in words
 * POST /api/network/nodes/:node/studies               ← PacsQuery → PacsStudies
 * GET  /api/network/nodes/:node/studies/:study/series → PacsSeries[]
 */

/** Sent with every 4xx and 5xx. `message` is for people, in English; the window translates `code` with `details`. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, string | number>>;
  };
}

export interface FindingBody {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly subject: string;
  readonly details: Readonly<Record<string, string | number>>;
  /** English text of the finding. */
  readonly text: string;
}

export interface Session {
  readonly version: string;
  readonly host: 'browser' | 'electron';
  readonly platform: string;
  readonly workspace: string;
  /** Whether a native dialog can give paths; else files are uploaded. */
  readonly canOpenPaths: boolean;
  /** What was odd about the workspace's own files when it was opened, such as damaged settings. */
  readonly notices: readonly FindingBody[];
}

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly locale: 'en' | 'de' | 'system';
  /** `auto` or a device's name. */
  readonly device: string;
  /** Remember where the window was. */
  readonly restoreSession: boolean;
  /** Root of new DICOM UIDs; '' for 2.25. */
  readonly uidRoot: string;
  /** Import uneven slices resampled to even ones instead of refusing them. */
  readonly resampleUneven: boolean;
}

export type Vector3Body = readonly [number, number, number];

export interface GridBody {
  /** Voxels along i, j, k. */
  readonly size: Vector3Body;
  /** Row-major 3×4: voxel index → LPS mm. */
  readonly indexToLps: readonly number[];
}

export interface VolumeHeader extends GridBody {
  readonly type: 'int16' | 'uint16' | 'uint8' | 'int8' | 'float32' | 'int32' | 'float64';
  readonly unit: 'HU' | 'signal' | 'label' | 'weight';
  /** 0.5 and 99.5 percentile inside the body (MR: the automatic window). */
  readonly typicalRange: readonly [number, number];
}

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

export interface ModelSummary {
  readonly modelId: string;
  readonly name: string;
  readonly version: string;
  readonly createdAt: string;
  readonly weightHash: string;
  /** `workspace`: trained or imported here; `bundled`: ships with the program, phantoms only. */
  readonly origin: 'workspace' | 'bundled';
  readonly method: string | null;
  readonly cases: number | null;
  /** Why it cannot be used; null for a model that can. Of one that cannot only `modelId`, `origin` and `name` say anything. */
  readonly problem: string | null;
}

export interface ModelDetail extends ModelSummary {
  /** `card.json` as it is. */
  readonly card: Readonly<Record<string, unknown>>;
}

export interface DeviceSummary {
  readonly name: string;
  readonly usable: boolean;
  /** What it is, in English. */
  readonly title: string;
  /** How it compares with the CPU, or why it is not usable, in English; may be empty. */
  readonly note: string;
}

// Jobs

export type JobStart =
  | {
      readonly kind: 'import';
      readonly paths?: readonly string[];
      readonly upload?: string;
      /** Uneven slices are resampled to even ones; without it the settings say. */
      readonly resample?: boolean;
    }
  /** Writes one phantom patient as DICOM and imports it. */
  | { readonly kind: 'phantom-study'; readonly seed?: number }
  /** Writes a small phantom cohort and imports it, for trying the Train desk. */
  | { readonly kind: 'phantom-cohort'; readonly cases?: number }
  | {
      readonly kind: 'generate';
      readonly caseId: string;
      readonly modelId: string;
      readonly device?: string;
      readonly override?: string;
    }
  | {
      readonly kind: 'export';
      readonly caseId: string;
      readonly sctId: string;
      readonly format: 'dicom' | 'nifti';
      /** DICOM: the plan that was shown. */
      readonly planId?: string;
      /** Absent: a new folder in the workspace's `exports/`. */
      readonly directory?: string;
      /** DICOM: also the structure sets that were drawn on the case's MR, written again for the sCT. */
      readonly structures?: boolean;
    }
  | { readonly kind: 'rank'; readonly top?: number }
  /** Places the CT in the MR's space: by mutual information, or where a person has put it (`placement`, CT → MR). */
  | {
      readonly kind: 'register';
      readonly caseId: string;
      readonly fixed?: 'mr' | 'ct';
      readonly placement?: RigidTransformBody;
    }
  | ({ readonly kind: 'train' } & RunRequest)
  | { readonly kind: 'resume'; readonly run: string; readonly device?: string }
  | { readonly kind: 'release'; readonly run: string; readonly name: string }
  | {
      readonly kind: 'compare';
      /** The first is what the others are compared with. */
      readonly runs: readonly string[];
      /** Absent: those with the role `test`. */
      readonly cases?: readonly string[];
      readonly device?: string;
    }
  /** Fetches studies or series of a node and imports them. */
  | { readonly kind: 'retrieve'; readonly nodeId: string; readonly targets: readonly RetrieveTarget[] }
  /** Sends what an `export` job has written as DICOM (its `path`). */
  | { readonly kind: 'send'; readonly nodeId: string; readonly path: string };

export interface RetrieveTarget {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid?: string;
}

export type JobKind = JobStart['kind'];

export type JobStatus = 'running' | 'stopping' | 'done' | 'cancelled' | 'failed';

export interface JobSnapshot {
  readonly jobId: string;
  readonly kind: JobKind;
  /** What it works on: a case's label is never in it, ids may be. */
  readonly subject: string;
  readonly status: JobStatus;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: { readonly step: string; readonly done: number; readonly total: number } | null;
  readonly secondsLeft: number | null;
  readonly memoryMiB: number | null;
  /** ISO time of the last sign of life. */
  readonly heardAt: string;
  /** Last message of the job. */
  readonly message: string | null;
  readonly error: ErrorBody['error'] | null;
  /** By kind: `import` ImportResult, `generate` { caseId, sctId }, `export` ExportResult, `train`/`resume` { run, status }, `release` { modelId }, `register` RegisterResult, `compare` what `ilium compare --json` says (its subject is the comparison's id), `phantom-study` and `retrieve` ImportResult, `send` SendResult. */
  readonly result: unknown;
}

export interface ImportResult {
  /** Every file ends in exactly one outcome. */
  readonly outcomes: readonly {
    readonly path: string;
    readonly outcome: 'loaded' | 'merged' | 'skipped' | 'failed';
    readonly reason: FindingBody | null;
  }[];
  readonly cases: readonly {
    readonly caseId: string;
    readonly isNew: boolean;
    readonly volumes: readonly string[];
  }[];
  readonly findings: readonly FindingBody[];
  readonly cancelled: boolean;
}

export interface RegisterResult {
  readonly caseId: string;
  readonly registration: RegistrationBody;
  /** What makes it implausible. */
  readonly findings: readonly FindingBody[];
}

export interface ExportPlan {
  readonly planId: string;
  readonly directory: string;
  readonly files: number;
  /** What will be written, in the order of the dialog. */
  readonly identifiers: readonly {
    /** DICOM keyword. */
    readonly keyword: string;
    readonly tag: string;
    readonly value: string;
    /** `kept` from the MR, `new` made now, `fixed` by the standard or by Ilium. */
    readonly origin: 'kept' | 'new' | 'fixed';
  }[];
}

export interface ExportResult {
  readonly format: 'dicom' | 'nifti' | 'mha';
  /** Folder (dicom) or file. */
  readonly path: string;
  /** Only after reading back. */
  readonly receipt: {
    readonly files: number;
    readonly voxelsCompared: number;
    readonly studyInstanceUid: string | null;
    readonly seriesInstanceUid: string | null;
    readonly frameOfReferenceUid: string | null;
    /** One per file, in slice order. */
    readonly sopInstanceUids: readonly string[];
    /** Structure sets that were written again for the series, in its folder. */
    readonly structureSets: readonly {
      readonly file: string;
      readonly label: string;
      readonly seriesInstanceUid: string;
      readonly sopInstanceUid: string;
      readonly predecessorUid: string;
      readonly regions: number;
      readonly contours: number;
    }[];
    /** The MR's own, or axial slices of 1 × 1 × 2.5 mm. */
    readonly grid: 'mr' | 'axial';
    /** Largest differences between what was meant and what was read back. */
    readonly maxValueDifference: number;
    readonly maxPlaceDifferenceMm: number;
    readonly modelName: string;
    readonly modelVersion: string;
    readonly weightHash: string;
    /** Null for sCTs of before there was a gate. */
    readonly gate: GateBody | null;
    readonly program: string;
    readonly findings: readonly FindingBody[];
  };
}

export type ServerEvent =
  | { readonly type: 'snapshot'; readonly jobs: readonly JobSnapshot[] }
  | { readonly type: 'job'; readonly job: JobSnapshot }
  | { readonly type: 'job-removed'; readonly jobId: string }
  /** A slice of a `generate` job can be fetched. */
  | { readonly type: 'slice'; readonly jobId: string; readonly slice: number; readonly total: number }
  /** A log line or an epoch of a run. */
  | { readonly type: 'run'; readonly run: string; readonly step: number; readonly epoch: number }
  /** Something of the workspace has changed: read again what is shown. */
  | {
      readonly type: 'changed';
      readonly what: 'cases' | 'cohort' | 'models' | 'runs' | 'comparisons' | 'settings';
    }
  | { readonly type: 'ping'; readonly time: string };

export interface SliceHeader {
  readonly width: number;
  readonly height: number;
  /** Index of the slice's first pixel → LPS mm, row-major 3×4, k = this slice. */
  readonly indexToLps: readonly number[];
}

// Training

export type CohortRole = 'train' | 'meta' | 'test' | 'excluded';

export interface CohortCaseView {
  readonly caseId: string;
  readonly label: string;
  readonly role: CohortRole;
  readonly reason: string | null;
  readonly spacingMm: Vector3Body | null;
  readonly slices: number | null;
  /** Mutual information in nats inside the body; null until ranked. */
  readonly mutualInformation: number | null;
  /** Share of the pixels whose mean weight is above 0.5 in the newest finished run; null without one. */
  readonly trustedShare: number | null;
}

export interface CohortView {
  readonly cases: readonly CohortCaseView[];
}

export interface CohortEdit {
  readonly caseId: string;
  readonly role: CohortRole;
  readonly reason?: string;
}

export interface RunRequest {
  readonly method: 'pgan' | 'reg-pgan' | 'ctx-pgan' | 'meta';
  readonly preset: string;
  /** Settings that differ from the preset. */
  readonly differences?: Readonly<Record<string, unknown>>;
  readonly device?: string;
}

export interface Preflight {
  /** Why the run cannot start; empty when it can. */
  readonly problems: readonly FindingBody[];
  readonly neededMiB: number;
  readonly freeMiB: number;
  readonly device: string;
  readonly steps: number;
  readonly trainSlices: number;
  readonly metaSlices: number;
}

export interface RunSummary {
  readonly run: string;
  readonly createdAt: string;
  readonly method: string;
  readonly preset: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly epochs: number;
  /** `running`: a job of this process works on it. `stopped`: can be resumed. */
  readonly status: 'running' | 'stopped' | 'finished' | 'broken';
  readonly cases: { readonly train: number; readonly meta: number };
}

export interface RunDetail extends RunSummary {
  readonly config: Readonly<Record<string, unknown>>;
  /** Right and wrong pixels are known to phantoms alone. */
  readonly lastPixelHu: number | null;
}

export interface PresetBody {
  readonly name: string;
  /** TrainingConfig without method and preset. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A line of a run's log.jsonl. Errors are means of |sCT − CT| in HU; the validation one stands in meta runs after the warm-up. */
export type RunLogLine =
  | {
      readonly type: 'step';
      /** Steps done after this one. */
      readonly step: number;
      readonly epoch: number;
      readonly learningRate: number;
      readonly pixelHu: number;
      readonly adversarial: number;
      readonly discriminator: number;
      /** Losses that only some methods have, before their factors; the last one is the mean error in HU after the learned warp. */
      readonly perceptual?: number;
      readonly contextual?: number;
      readonly smoothness?: number;
      readonly registrationHu?: number;
      readonly validationHu?: number;
      readonly positiveShare?: number;
      readonly effectiveShare?: number;
      readonly seconds: number;
      readonly etaSeconds: number;
      readonly memoryMiB: number;
    }
  | { readonly type: 'epoch'; readonly epoch: number; readonly step: number; readonly time: string }
  | { readonly type: 'note'; readonly step: number; readonly message: string };

export interface RunLogPage {
  /** What to ask from next; equal to what was asked when there is nothing more, less when resuming has cut the log: lines beyond are void. */
  readonly next: number;
  readonly lines: readonly RunLogLine[];
}

export interface Film {
  readonly slices: readonly { readonly caseId: string; readonly label: string; readonly slice: number }[];
  readonly size: readonly [width: number, height: number];
  readonly spacingMm: readonly [number, number];
  /** Epochs of which a frame exists, ascending; 0 is before training. */
  readonly epochs: readonly number[];
  readonly hasWeights: boolean;
}

// Comparison

/** A run as a comparison sees it. */
export interface ComparableRun extends RunSummary {
  readonly seed: number;
  /** What feature losses look through: the configuration's own word. */
  readonly features: string;
  /** Whether there is a checkpoint to take a generator from. */
  readonly hasGenerator: boolean;
  /** Ids of the cases it was trained on and judged by. */
  readonly seen: { readonly train: readonly string[]; readonly meta: readonly string[] };
}

export interface ComparisonSummary {
  readonly comparisonId: string;
  /** `experiment`: belongs to one of `ilium experiment` and changes with it. */
  readonly origin: 'runs' | 'experiment';
  readonly title: string;
  readonly createdAt: string;
  /** The first is what the others are compared with. */
  readonly methods: readonly { readonly label: string; readonly runs: readonly string[] }[];
  /** Ids of the cases compared on. */
  readonly cases: readonly string[];
}

export interface ComparisonsView {
  /** The newest first. */
  readonly comparisons: readonly ComparisonSummary[];
  /** Whether there is a Chromium that prints the PDF. */
  readonly canPrint: boolean;
}

export type ComparisonFile = 'comparison.html' | 'comparison.csv' | 'comparison.json' | 'comparison.pdf';

// Network

export interface NetworkLocal {
  readonly aeTitle: string;
  /** Where our receiver listens while images are fetched by C-MOVE. */
  readonly port: number;
  readonly host: string;
}

export interface DimseNodeBody {
  readonly kind: 'dimse';
  /** For people. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly aeTitle: string;
  /** C-GET needs nothing of the other side; C-MOVE needs it to know our AE title, host and port. */
  readonly retrieve: 'get' | 'move';
}

export interface WebNodeBody {
  readonly kind: 'dicomweb';
  readonly name: string;
  readonly url: string;
  readonly auth: 'none' | 'basic' | 'bearer';
  readonly user: string;
  readonly caFile: string;
  readonly fingerprint: string;
}

export type NodeBody = DimseNodeBody | WebNodeBody;

export interface NetworkView {
  readonly local: NetworkLocal;
  readonly nodes: readonly {
    readonly nodeId: string;
    readonly node: NodeBody;
    /** Whether a password or token is kept for it; it never leaves the server. */
    readonly hasSecret: boolean;
  }[];
}

export interface NetworkEdit {
  readonly local: NetworkLocal;
  readonly nodes: readonly {
    /** Absent: a new node. */
    readonly nodeId?: string;
    readonly node: NodeBody;
    /** Password or token; absent: as it was; empty: none. */
    readonly secret?: string;
  }[];
}

export interface NetworkTest {
  readonly ok: boolean;
  /** Why not; null when it answers. */
  readonly error: ErrorBody['error'] | null;
  readonly milliseconds: number;
}

/** Empty texts match everything; `*` and `?` stand for any characters. Dates are YYYY-MM-DD, both included. */
export interface PacsQuery {
  readonly patientName?: string;
  readonly patientId?: string;
  readonly accessionNumber?: string;
  readonly modality?: string;
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly limit?: number;
}

export interface PacsStudies {
  readonly studies: readonly PacsStudy[];
  /** The node has more of them than a search returns. */
  readonly truncated: boolean;
}

export interface PacsStudy {
  readonly studyInstanceUid: string;
  readonly patientName: string;
  readonly patientId: string;
  /** YYYY-MM-DD, or as the node wrote it. */
  readonly studyDate: string;
  readonly description: string;
  readonly accessionNumber: string;
  readonly modalities: readonly string[];
  /** Null where the node does not say. */
  readonly series: number | null;
  readonly instances: number | null;
}

export interface PacsSeries {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly number: string;
  readonly description: string;
  readonly instances: number | null;
}

/** What a `send` job says. */
export interface SendResult {
  readonly files: number;
  readonly node: string;
}
