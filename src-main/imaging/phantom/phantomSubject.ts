/** Who a phantom case is made of: the patient drawn by hand, or one taken from a segmented CT. */
import { createAnatomy, type Anatomy } from './anatomy.ts';
import { drawPatient, type PhantomPatient } from './patient.ts';

/** Where the parts of the body lie that move between two visits. */
export interface DeformationPlace extends Pick<PhantomPatient, 'centre' | 'scale'> {
  readonly bladder: Pick<PhantomPatient['bladder'], 'centre'>;
}

export interface PhantomSubject {
  readonly anatomy: Anatomy;
  readonly place: DeformationPlace;
  /** Whether the scan it is made of tells what is at LPS (x, y, z), that is whether its slices reach there; absent where it is drawn. */
  readonly covers?: (x: number, y: number, z: number) => boolean;
}

/** The subject of a seed; `edgeMm` is about the in-plane voxel size. */
export type SubjectSource = (seed: number, edgeMm: number) => PhantomSubject;

/** The procedural patient of `patient.ts`. */
export const drawnSubject: SubjectSource = (seed, edgeMm) => {
  const patient = drawPatient(seed);
  return { anatomy: createAnatomy(patient, edgeMm), place: patient };
};
