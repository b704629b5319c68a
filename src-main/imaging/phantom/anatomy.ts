/**
 * The phantom's anatomy as a function of place: tissue, CT number and MR signal at any point of the patient.
 *
 * A point in LPS is taken into the drawing's frame (offset, tilt, scale, a slow random warp that also makes left and right differ),
 * mirrored to one side, and painted layer by layer: skin, fat, muscle, organs, bone. Each layer's coverage falls from 1 to 0 over
 * `edgeMm` about its surface, which stands for the in-plane point spread and partial volume of a slice.
 */
import { createBody } from './body.ts';
import { createBones } from './bones.ts';
import { createEllipsoid } from './ellipsoid.ts';
import { createFrame } from './frame.ts';
import { createLoft, FAR } from './loft.ts';
import type { PhantomPatient } from './patient.ts';
import * as drawing from './pelvisShapes.ts';
import { tissues, type Paint } from './tissues.ts';
import { createValueNoise } from './valueNoise.ts';

/** What is at a point; reused between calls. */
export interface PointSample {
  label: number;
  hu: number;
  /** MR signal before receive field and noise; fat is about 1. */
  mr: number;
}

/** Writes what is at LPS (x, y, z) mm into `out`. */
export type Anatomy = (x: number, y: number, z: number, out: PointSample) => void;

/** Prepares a patient's anatomy; `edgeMm` is about the in-plane voxel size. */
export function createAnatomy(patient: PhantomPatient, edgeMm: number): Anatomy {
  const toDrawing = createFrame(patient);
  const body = createBody(patient);
  const muscles = drawing.muscles.map((keys) => createLoft(keys, patient.muscleThickness));
  const vessels = drawing.vessels.map((keys) => createLoft(keys));
  const rectum = createLoft(drawing.rectum, patient.rectum.width);
  const coarse = createValueNoise(patient.seed + 101, 14);
  const fine = createValueNoise(patient.seed + 202, 4.5);
  const point: [number, number, number] = [0, 0, 0];
  const layer = { out: { label: 0, hu: 0, mr: 0 }, texture: 0 };
  const paint: Paint = (tissue, distance) => {
    const coverage = 0.5 - distance / edgeMm;
    if (coverage <= 0) return;
    const { out, texture } = layer;
    const share = coverage < 1 ? coverage : 1;
    out.hu += (tissue.hu + tissue.huTexture * texture - out.hu) * share;
    out.mr += (tissue.mr + tissue.mrTexture * texture - out.mr) * share;
    if (distance < 0) out.label = tissue.label;
  };
  const bladder = createEllipsoid(patient.bladder.centre, patient.bladder.radii);
  const prostate = createEllipsoid(patient.prostate.centre, patient.prostate.radii);
  const vesicles = createEllipsoid([15, patient.prostate.centre[1] + 16, 3], [17, 6, 7]);
  const loops = patient.bowel.map(({ centre, radii, gas }) => ({
    shape: createEllipsoid(centre, radii),
    gasAbove: gas ? centre[1] - radii[1] * 0.2 : -FAR,
  }));
  const bones = createBones(patient);

  return (px, py, pz, out) => {
    toDrawing(px, py, pz, point);
    const [x, y, z] = point;
    const side = Math.abs(x);
    const skin = body(x, y, z);
    out.label = 0;
    out.hu = tissues.air.hu;
    out.mr = 0;
    if (skin > edgeMm) return;
    const slow = coarse(x, y, z);
    const texture = 0.5 * slow + 0.8 * fine(x, y, z);
    layer.out = out;
    layer.texture = texture;
    paint(tissues.skin, skin);
    paint(tissues.fat, skin + 2.2);
    if (skin > -3) return;

    // Neighbouring muscles meet in a thin plane of fat, half way between the surfaces of the nearest two.
    let nearest = FAR;
    let second = FAR;
    for (const shape of muscles) {
      const distance = shape(side, y, z);
      if (distance < nearest) {
        second = nearest;
        nearest = distance;
      } else if (distance < second) second = distance;
    }
    const muscle = Math.max(nearest + 2 * slow, (nearest - second) / 2 + FASCIA_MM, skin + 4.5);
    paint(tissues.muscle, muscle);
    if (muscle < -1.5) {
      const streak = Math.min(0.5, patient.streaks * Math.max(0, texture - 0.42) * 2.2);
      out.hu += (tissues.fat.hu - out.hu) * streak;
      out.mr += (tissues.fat.mr - out.mr) * streak;
    }
    for (const { shape, gasAbove } of loops) {
      const distance = shape(x, y, z);
      if (distance > edgeMm) continue;
      paint(tissues.bowel, distance + 2.5 * slow);
      paint(tissues.gas, Math.max(distance + 3.5, y - gasAbove));
    }
    for (const shape of vessels) paint(tissues.vessel, shape(side, y, z));
    const tube = rectum(x, y, z);
    paint(tissues.rectum, tube);
    const { gasCentreZ, gasHalfLength, gasLevelY } = patient.rectum;
    if (gasHalfLength > 0 && tube < -2) {
      const level = y - rectumCentreY(z) - gasLevelY;
      paint(tissues.gas, Math.max(tube + 3.5, level, Math.abs(z - gasCentreZ) - gasHalfLength));
    }
    paint(tissues.seminalVesicles, vesicles(side, y, z) + slow);
    paint(tissues.prostate, prostate(x, y, z) + 0.8 * slow);
    const urine = bladder(x, y, z);
    paint(tissues.bladderWall, urine - 3);
    paint(tissues.bladder, urine);
    bones(side, y, z, slow, paint);
  };
}

/** Half the thickness of the fat plane between muscles. */
const FASCIA_MM = 0.7;

function rectumCentreY(z: number): number {
  for (let n = 1; n < drawing.rectum.length; n++) {
    const [zb, chainB] = drawing.rectum[n] as (typeof drawing.rectum)[number];
    if (z > zb && n < drawing.rectum.length - 1) continue;
    const [za, chainA] = drawing.rectum[n - 1] as (typeof drawing.rectum)[number];
    const t = Math.min(1, Math.max(0, (z - za) / (zb - za)));
    const [a, b] = [chainA[0]?.[1] ?? 0, chainB[0]?.[1] ?? 0];
    return a + t * (b - a);
  }
  return 0;
}
