/** The pictures of a comparison: its chosen cases with the sCT of every method's first run, and the films of methods that learn weights. */
import { AppError } from '../../shared/appError.ts';
import { readVolumeFile } from '../../workflows/files/volumeFile.ts';
import type { ComparedMethod } from '../../workflows/compare/comparison.ts';
import { boneFailures, failureLimitMm } from '../../workflows/compare/pictures/boneFailures.ts';
import { caseImages } from '../../workflows/compare/pictures/caseImages.ts';
import { chooseSlices } from '../../workflows/compare/pictures/chooseSlices.ts';
import { drawBone } from '../../workflows/compare/pictures/drawBone.ts';
import { drawSlices } from '../../workflows/compare/pictures/drawSlices.ts';
import type { PictureCase } from '../../workflows/compare/choosePictureCases.ts';
import type { CasePictures } from '../../workflows/compare/report/pictureSections.ts';
import { requireRun } from '../training/requireRun.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import { countingMask, openComparedCase } from './comparedCase.ts';
import { comparedPaths } from './comparedFiles.ts';

export interface DrawCasesInput {
  readonly workspace: Workspace;
  /** Of each method the run whose sCT is shown; methods without one are left out. */
  readonly shownRun: (method: ComparedMethod, caseId: string) => string | undefined;
  readonly methods: readonly ComparedMethod[];
  readonly cases: readonly PictureCase[];
  /** Slice numbers from 1 at the feet; else those that tell most. */
  readonly slices: readonly number[] | undefined;
}

/** Draws one case after the other. Throws BAD_USAGE for a slice that a case has not, and what reading throws. */
export async function drawCases(
  { workspace, shownRun, methods, cases, slices }: DrawCasesInput,
  signal: AbortSignal,
): Promise<CasePictures[]> {
  const drawn: CasePictures[] = [];
  for (const { caseId, reason } of cases) {
    signal.throwIfAborted();
    const one = await openComparedCase(workspace, caseId);
    const scts: { label: string; sct: Awaited<ReturnType<typeof readVolumeFile>> }[] = [];
    for (const method of methods) {
      const run = shownRun(method, caseId);
      if (run === undefined) continue;
      const { folder } = await requireRun(workspace, run);
      scts.push({ label: method.label, sct: await readVolumeFile(comparedPaths(folder, caseId).sct) });
    }
    const images = caseImages({
      caseId,
      mr: await one.readMr(),
      ct: await one.readCt(),
      mask: await countingMask(one),
      methods: scts,
    });
    const failures = boneFailures(images);
    drawn.push({
      caseId,
      reason,
      limitMm: failureLimitMm(images),
      failures,
      slices: drawSlices(
        images,
        failures,
        slices ? fromFeet(slices, images.size[2], caseId) : chooseSlices(images, failures),
      ),
      bone: drawBone(images, failures),
    });
  }
  return drawn;
}

function fromFeet(slices: readonly number[], count: number, caseId: string): number[] {
  const beyond = slices.find((slice) => slice < 1 || slice > count);
  if (beyond !== undefined)
    throw new AppError('BAD_USAGE', {
      problem: `--slices: ${caseId} has slices 1 to ${count}, not ${beyond}.`,
    });
  return slices.map((slice) => slice - 1);
}
