import { axialGrid } from '../../imaging/orient/toAxialLps.ts';
import { openStoredVolume } from '../library/storedVolume.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

export interface CohortSlices {
  readonly train: number;
  readonly meta: number;
  /** The most voxels an MR or CT has: what preparing a case holds in memory. */
  readonly largestCaseVoxels: number;
}

/** Axial slices of the cases to train and to validate on, from headers alone. Throws COHORT_INVALID and what reading headers throws. */
export async function cohortSlices(workspace: Workspace): Promise<CohortSlices> {
  const slices = { train: 0, meta: 0 };
  let largestCaseVoxels = 0;
  for (const { role, mrPath, ctPath } of await workspace.listCohortStudies()) {
    if (role !== 'train' && role !== 'meta') continue;
    const grids = [(await openStoredVolume(mrPath)).grid, (await openStoredVolume(ctPath)).grid];
    slices[role] += grids[0] ? axialGrid(grids[0]).size[2] : 0;
    for (const { size } of grids)
      largestCaseVoxels = Math.max(largestCaseVoxels, size[0] * size[1] * size[2]);
  }
  return { ...slices, largestCaseVoxels };
}
