/**
 * A segmented CT as the body that phantom patients are made of: on the CT's own voxels, in axial order, the HU inside the skin, the tissue
 * and the MR signal. What lies outside the skin (couch, clothes) becomes air.
 */
import { affineSpacing, applyAffine, type Vector3 } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import type { Grid, Volume } from '../../shared/volume.ts';
import { fillHoles } from '../mask/fillHoles.ts';
import { largestComponent } from '../mask/largestComponent.ts';
import { maskBox, maskBoxInSlices, type VoxelBox } from '../mask/maskBox.ts';
import { dilate, erode } from '../mask/morphology.ts';
import { toAxialLps } from '../orient/toAxialLps.ts';
import { lookOf } from './structures.ts';
import { tissues } from './tissues.ts';

export interface SegmentedCt {
  readonly ct: Volume;
  /** Structure numbers of `structures.ts` on the CT's grid; 0 where no mask lies. */
  readonly structures: Uint8Array;
  /** Where the hip bones and the bladder lie (non-zero is in), as far as they are segmented. */
  readonly hips: Uint8Array;
  readonly bladder: Uint8Array;
}

export interface ScannedBody {
  readonly grid: Grid;
  /** −1000 outside the skin. */
  readonly hu: Int16Array;
  readonly mr: Float32Array;
  /** Tissue numbers of `tissues.ts`. */
  readonly labels: Uint8Array;
  /** The body where the hip bones are; all of it where they are not segmented. */
  readonly pelvis: VoxelBox;
  /** Its middle, LPS mm. */
  readonly middle: Vector3;
  /** Middle of the bladder; null where it is not segmented. */
  readonly bladder: Vector3 | null;
}

const SKIN_ABOVE_HU = -300;
/** Wider than the couch's shell, narrower than an arm. */
const OPENING_MM = 5;
const SKIN_MM = 2.2;

/** Throws NO_BODY_FOUND when nothing is denser than air. */
export function scannedBody(segmented: SegmentedCt, subject: string): ScannedBody {
  const { ct, structures, hips, bladder } = inAxialOrder(segmented);
  const { grid } = ct;
  const inside = bodyOf(ct);
  const box = maskBox(inside, grid.size);
  if (!box) throw new AppError('NO_BODY_FOUND', { subject, reason: 'nothing in it is denser than air' });
  const spacing = affineSpacing(grid.indexToLps);
  const core = erode(
    inside,
    grid.size,
    inPlane(Math.max(SKIN_MM, 1.01 * spacing[0], 1.01 * spacing[1]), spacing),
  );
  const count = inside.length;
  const hu = new Int16Array(count).fill(tissues.air.hu);
  const mr = new Float32Array(count);
  const labels = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    if (!inside[at]) continue;
    const value = Math.max(-1024, ct.data[at] as number);
    hu[at] = value;
    if (!core[at] && !structures[at]) {
      // Skin with the share of air that its CT number tells.
      labels[at] = tissues.skin.label;
      mr[at] =
        tissues.skin.mr *
        Math.min(1, Math.max(0, (value - tissues.air.hu) / (tissues.skin.hu - tissues.air.hu)));
      continue;
    }
    const look = lookOf(structures[at] ?? 0, value);
    labels[at] = look.tissue.label;
    mr[at] = look.mr;
  }
  const hipBox = maskBox(hips, grid.size);
  const bladderBox = maskBox(bladder, grid.size);
  const pelvis = (hipBox && maskBoxInSlices(inside, grid.size, hipBox.from[2], hipBox.size[2])) ?? box;
  return {
    ...{ grid, hu, mr, labels, pelvis },
    middle: middleOf(grid, pelvis),
    bladder: bladderBox && middleOf(grid, bladderBox),
  };
}

function inAxialOrder({ ct, ...masks }: SegmentedCt): SegmentedCt {
  const axial = (data: Uint8Array): Uint8Array => toAxialLps({ grid: ct.grid, data }).volume.data;
  return {
    ct: toAxialLps(ct).volume,
    structures: axial(masks.structures),
    hips: axial(masks.hips),
    bladder: axial(masks.bladder),
  };
}

/** The largest part denser than −300 HU that does not hang on by less than a centimetre, holes filled slice by slice. */
function bodyOf({ grid, data }: Volume): Uint8Array {
  const dense = Uint8Array.from(data, (hu) => (hu > SKIN_ABOVE_HU ? 1 : 0));
  const radii = inPlane(OPENING_MM, affineSpacing(grid.indexToLps));
  const opened = dilate(largestComponent(erode(dense, grid.size, radii), grid.size), grid.size, radii);
  for (let at = 0; at < opened.length; at++) if (!dense[at]) opened[at] = 0;
  return fillHoles(opened, grid.size);
}

function inPlane(mm: number, [x, y]: Vector3): Vector3 {
  return [mm / x, mm / y, 0];
}

function middleOf({ indexToLps }: Grid, { from, size }: VoxelBox): Vector3 {
  const at = (axis: 0 | 1 | 2): number => from[axis] + (size[axis] - 1) / 2;
  return applyAffine(indexToLps, [at(0), at(1), at(2)]);
}
