/**
 * Structures that a segmentation of a CT may name, and how each looks in a T1-weighted MR. The signal follows the CT number too: what a
 * voxel shares between fat and muscle, bowel and gas, marrow and cortex is seen in its HU. Signals are those of `tissues.ts` (fat about 1).
 */
import { tissues, type Tissue } from './tissues.ts';

export interface Structure {
  /** Names of masks, as TotalSegmentator calls its classes. */
  readonly names: RegExp;
  /** MR signal at CT numbers, ascending; linear in between, constant beyond. */
  readonly signal: readonly (readonly [hu: number, mr: number])[];
  /** Tissues by CT number: the first whose upper end lies above the voxel's. */
  readonly tissues: readonly (readonly [belowHu: number, tissue: Tissue])[];
}

const GAS_BELOW = -300;
const FAT_BELOW = -30;
/** Unlabelled tissue above is taken for bone: the skeleton a segmentation leaves out, calcifications. */
const BONE_ABOVE = 180;
const gas = [tissues.gas.hu, tissues.gas.mr] as const;
const fat = [tissues.fat.hu, tissues.fat.mr] as const;
const inBone = [
  [60, tissues.marrow],
  [450, tissues.trabecular],
  [Infinity, tissues.cortex],
] as const;
/** Marrow, trabecular bone, a mixture with cortex (whose 1180 HU no voxel of a planning CT reaches in thin bone), cortex, metal. */
const boneSignal = [
  [tissues.marrow.hu, tissues.marrow.mr],
  [tissues.trabecular.hu, tissues.trabecular.mr],
  [450, 0.36],
  [800, 0.1],
  [tissues.cortex.hu, tissues.cortex.mr],
  [2500, 0],
] as const;

/** A soft structure with fat about it. */
function soft(names: RegExp, tissue: Tissue): Structure {
  return {
    names,
    signal: [gas, fat, [tissue.hu, tissue.mr]],
    tissues: [
      [GAS_BELOW, tissues.gas],
      [FAT_BELOW, tissues.fat],
      [Infinity, tissue],
    ],
  };
}

/** What no mask covers inside the body, told by its CT number alone. */
export const unlabelled: Structure = {
  names: /^$/,
  signal: [
    gas,
    fat,
    [tissues.muscle.hu, tissues.muscle.mr],
    [BONE_ABOVE, tissues.muscle.mr],
    ...boneSignal.slice(1),
  ],
  tissues: [[GAS_BELOW, tissues.gas], [FAT_BELOW, tissues.fat], [BONE_ABOVE, tissues.muscle], ...inBone],
};

/** Filled hollow organs hold gas and no fat. */
const hollow: Structure = {
  names: /^(colon|small_bowel|duodenum|stomach|esophagus|rectum)/,
  signal: [gas, [0, tissues.bowel.mr]],
  tissues: [
    [GAS_BELOW, tissues.gas],
    [Infinity, tissues.bowel],
  ],
};

export const structures: readonly Structure[] = [
  {
    names: /^(hip_|femur|sacrum|vertebrae|rib_|humerus|scapula|clavicula|sternum|skull|tibia|fibula)/,
    signal: [fat, ...boneSignal],
    tissues: inBone,
  },
  soft(/^(gluteus|iliopsoas|autochthon|quadriceps|thigh|sartorius|pectoralis)/, tissues.muscle),
  soft(/(aorta|artery|vena|vein)/, tissues.vessel),
  hollow,
  soft(/^urinary_bladder/, tissues.bladder),
  soft(/^prostate/, tissues.prostate),
  soft(/^(liver|spleen|pancreas|kidney|gallbladder|adrenal|heart|thyroid)/, tissues.organ),
  { ...hollow, names: /^(lung|trachea)/ },
];

/** The structure a mask's name stands for, 1 for the first of `structures`; 0 where it is none of them. */
export function structureNumber(name: string): number {
  return structures.findIndex(({ names }) => names.test(name)) + 1;
}

/** The tissue and the MR signal of a voxel of structure number `number` (0: unlabelled) at `hu`. */
export function lookOf(number: number, hu: number): { readonly tissue: Tissue; readonly mr: number } {
  const structure = structures[number - 1] ?? unlabelled;
  const [, tissue] = structure.tissues.find(([below]) => hu < below) ?? [Infinity, tissues.muscle];
  return { tissue, mr: interpolate(structure.signal, hu) };
}

function interpolate(points: Structure['signal'], hu: number): number {
  let [lowHu, low] = points[0] ?? [hu, 0];
  if (hu <= lowHu) return low;
  for (const [nextHu, next] of points) {
    if (hu < nextHu) return low + ((next - low) * (hu - lowHu)) / (nextHu - lowHu);
    [lowHu, low] = [nextHu, next];
  }
  return low;
}
