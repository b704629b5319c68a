/**
 * Writes a phantom cohort into a new folder, all or nothing:
 *
 * - `dicom/<label>/{MR,CT}/*.dcm`: a patient per case, one MR and one CT series that share a Frame of Reference, or
 * - `Task1/pelvis/<label>/{mr,ct,mask}.nii.gz`: the layout of SynthRAD2023, the mask being the dilated body outline;
 * - `truth/<label>/{ct,labels,displacement-x,displacement-y,displacement-z}.nii`: outside the folder to import;
 * - `phantom.json`: see `phantomManifest.ts`.
 *
 * Images depend on the options alone; DICOM UIDs are new every time.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDicomUid } from '../../formats/dicom/dicomUid.ts';
import { encodeOriginalSeries } from '../../formats/dicom/encodeOriginalSeries.ts';
import { writeNifti } from '../../formats/nifti/writeNifti.ts';
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import { drawnSize } from '../../imaging/phantom/drawnSize.ts';
import { createPhantomCase, type PhantomCase } from '../../imaging/phantom/createPhantomCase.ts';
import { phantomCohort, type PhantomPlan } from '../../imaging/phantom/phantomCohort.ts';
import { scannedBody } from '../../imaging/phantom/scannedBody.ts';
import type { PhantomCut } from '../../imaging/phantom/phantomCut.ts';
import { scannedGrid } from '../../imaging/phantom/scannedGrid.ts';
import { scannedSubject } from '../../imaging/phantom/scannedSubject.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { voxelCount } from '../../shared/volume.ts';
import { writeRecord } from '../files/record.ts';
import { stageFolder } from '../files/stageFolder.ts';
import { cutWarnings } from './cutWarnings.ts';
import { phantomManifestSchema, type PhantomManifest } from './phantomManifest.ts';
import type { ReadSegmentedCt } from './readSegmentedCt.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';

export interface WritePhantomOptions {
  /** The folder to make; it must not exist yet, or be empty. */
  readonly out: string;
  readonly cases: number;
  readonly seed: number;
  /** Largest displacement of the misaligned cases, mm. */
  readonly misalignMm: number;
  readonly alignedShare?: number;
  /** How much contrast and noise of the MR differ between cases, 0…1; 0 unless told. */
  readonly variety?: number;
  /** Number of the first patient; 1 unless told. */
  readonly firstNumber?: number;
  readonly format: 'dicom' | 'nifti';
  /** A segmented CT to make the patients of, instead of drawing them. */
  readonly scan?: ReadSegmentedCt;
  /** Unless told: what drawn patients fill, or what the scan needs and holds (`scannedGrid.ts`). */
  readonly sizePx?: readonly [number, number];
  readonly spacingMm?: number;
  readonly slices?: number;
  readonly sliceSpacingMm?: number;
  /** Displacement for which the grid about a scan has room, mm; `misalignMm` unless told. */
  readonly roomForMm?: number;
  /** One line each about what the images leave out. */
  readonly onWarning?: (message: string) => void;
  readonly onProgress?: OnProgress;
  /** Stops between cases; the folder is then not made and the signal's reason is thrown. */
  readonly signal?: StopSignal;
}

type CaseEntry = PhantomManifest['cases'][number];

/** Makes the cohort and returns its manifest. Throws OUTPUT_EXISTS, DISK_FULL or WRITE_FAILED; NO_BODY_FOUND for an empty scan. */
export async function writePhantom(options: WritePhantomOptions): Promise<PhantomManifest> {
  const {
    out,
    cases,
    seed,
    misalignMm,
    alignedShare = 0.11,
    variety = 0,
    firstNumber = 1,
    format,
    scan,
    onProgress,
    signal,
  } = options;
  const body = scan && scannedBody(scan, 'the CT');
  const { spacingMm = 2, sliceSpacingMm = 5 } = options;
  const { sizePx, slices } = body
    ? scannedGrid(body, {
        ...options,
        spacingMm,
        sliceSpacingMm,
        misalignMm: options.roomForMm ?? misalignMm,
      })
    : { ...drawnSize, ...options };
  const grid = { sizePx: [sizePx[0], sizePx[1]] as [number, number], spacingMm, slices, sliceSpacingMm };
  const subjectOf = body && scannedSubject(body);
  return stageFolder(out, async (folder) => {
    const entries: CaseEntry[] = [];
    const cuts: PhantomCut[] = [];
    for (const plan of phantomCohort({ cases, seed, misalignMm, alignedShare, firstNumber })) {
      signal?.throwIfAborted();
      const phantom = createPhantomCase(
        { ...grid, seed: plan.seed, misalignMm: plan.misalignMm, variety },
        subjectOf,
      );
      const images =
        format === 'dicom'
          ? await writeDicom(folder, plan, phantom)
          : await writeSynthRad(folder, plan, phantom);
      const truth = await writeTruth(folder, plan, phantom);
      cuts.push(phantom.cut);
      entries.push({ ...plan, patientId: plan.label, ...images, truth });
      onProgress?.({ step: 'phantom', done: entries.length, total: cases });
    }
    const manifest: PhantomManifest = {
      schemaVersion: 1,
      kind: 'ilium-phantom',
      drawingVersion: 1,
      seed,
      misalignMm,
      alignedShare,
      ...(variety > 0 ? { variety } : {}),
      grid,
      ...(scan ? { scan: { sizePx: [...scan.ct.grid.size], masks: scan.masks, sha256: scan.sha256 } } : {}),
      format,
      images: format === 'dicom' ? 'dicom' : 'Task1',
      cases: entries,
    };
    await writeRecord(join(folder, 'phantom.json'), phantomManifestSchema, manifest);
    for (const warning of cutWarnings(cuts, grid.slices)) options.onWarning?.(warning);
    return manifest;
  });
}

async function writeDicom(
  folder: string,
  plan: PhantomPlan,
  { mr, ct }: PhantomCase,
): Promise<Pick<CaseEntry, 'mr' | 'ct'>> {
  const number = plan.label.replace(/\D/g, '');
  const common = {
    patient: { patientName: `Phantom^${number}`, patientId: plan.label, patientSex: 'M' },
    frameOfReferenceUid: createDicomUid(),
  };
  const now = new Date().toISOString();
  const study = () => ({
    studyInstanceUid: createDicomUid(),
    studyDate: now.slice(0, 10).replaceAll('-', ''),
    studyTime: now.slice(11, 19).replaceAll(':', ''),
  });
  const series = {
    MR: encodeOriginalSeries({
      ...common,
      volume: { grid: mr.grid, data: Uint16Array.from(mr.data) },
      modality: 'MR',
      study: { ...study(), studyId: '1', studyDescription: 'Pelvis MR (phantom)' },
      seriesNumber: 1,
      seriesDescription: 'T1w axial',
    }),
    CT: encodeOriginalSeries({
      ...common,
      volume: ct,
      modality: 'CT',
      study: { ...study(), studyId: '2', studyDescription: 'Pelvis CT (phantom)' },
      seriesNumber: 1,
      seriesDescription: 'Planning CT axial',
    }),
  };
  for (const [modality, instances] of Object.entries(series)) {
    const path = join(folder, 'dicom', plan.label, modality);
    await mkdir(path, { recursive: true });
    for (const { name, bytes } of instances) await writeFile(join(path, name), bytes);
  }
  return { mr: `dicom/${plan.label}/MR`, ct: `dicom/${plan.label}/CT` };
}

async function writeSynthRad(
  folder: string,
  plan: PhantomPlan,
  { mr, ct }: PhantomCase,
): Promise<Pick<CaseEntry, 'mr' | 'ct'>> {
  const place = `Task1/pelvis/${plan.label}`;
  await mkdir(join(folder, place), { recursive: true });
  const mask = bodyMask(mr, { subject: plan.label });
  for (const [name, volume] of Object.entries({ mr, ct, mask })) {
    await writeFile(join(folder, place, `${name}.nii.gz`), writeNifti(volume, { gzip: true }));
  }
  return { mr: `${place}/mr.nii.gz`, ct: `${place}/ct.nii.gz` };
}

async function writeTruth(
  folder: string,
  plan: PhantomPlan,
  { ctAligned, labels, displacement }: PhantomCase,
): Promise<CaseEntry['truth']> {
  const place = `truth/${plan.label}`;
  const { grid } = ctAligned;
  const count = voxelCount(grid);
  const component = (n: number) => ({ grid, data: displacement.slice(n * count, (n + 1) * count) });
  await mkdir(join(folder, place), { recursive: true });
  const volumes = {
    ct: ctAligned,
    labels,
    'displacement-x': component(0),
    'displacement-y': component(1),
    'displacement-z': component(2),
  };
  for (const [name, volume] of Object.entries(volumes)) {
    await writeFile(join(folder, place, `${name}.nii`), writeNifti(volume));
  }
  return {
    ct: `${place}/ct.nii`,
    labels: `${place}/labels.nii`,
    displacement: [
      `${place}/displacement-x.nii`,
      `${place}/displacement-y.nii`,
      `${place}/displacement-z.nii`,
    ],
  };
}
