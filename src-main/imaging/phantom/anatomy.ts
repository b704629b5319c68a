/**
 * The phantom's anatomy as a function of place: tissue, CT number and MR signal at any point of the patient.
 *
 * A point in LPS is taken into the drawing's frame (offset, tilt, scale, a slow random warp that also makes left and right differ),
 * mirrored to one side, and painted layer by layer: skin, fat, muscle, organs, bone. Each layer's coverage falls from 1 to 0 over
 * `edgeMm` about its surface, which stands for the in-plane point spread and partial volume of a slice.
 */
import { createFemur } from './femur.ts';
import { createLoft, FAR, type SignedDistance } from './loft.ts';
import type { PhantomPatient } from './patient.ts';
import * as drawing from './pelvisShapes.ts';
import { tissues, type Tissue } from './tissues.ts';
import { createValueNoise } from './valueNoise.ts';
import { createWarp } from './warp.ts';

/** What is at a point; reused between calls. */
export interface PointSample {
  label: number;
  hu: number;
  /** MR signal before receive field and noise; fat is about 1. */
  mr: number;
}

type Paint = (tissue: Tissue, distance: number) => void;

/** Writes what is at LPS (x, y, z) mm into `out`. */
export type Anatomy = (x: number, y: number, z: number, out: PointSample) => void;

/** Prepares a patient's anatomy; `edgeMm` is about the in-plane voxel size. */
export function createAnatomy(patient: PhantomPatient, edgeMm: number): Anatomy {
  const toDrawing = createFrame(patient);
  const body = createBody(patient);
  const muscles = drawing.muscles.map((keys) => createLoft(keys, patient.muscleThickness));
  const vessels = drawing.vessels.map((keys) => createLoft(keys));
  const rectum = createLoft(drawing.rectum, patient.rectum.width);
  const skeleton = createSkeleton(patient);
  const coarse = createValueNoise(patient.seed + 101, 14);
  const fine = createValueNoise(patient.seed + 202, 4.5);
  const point: [number, number, number] = [0, 0, 0];
  const layer = { out: { label: 0, hu: 0, mr: 0 }, texture: 0 };
  /** Covers what is there by `tissue`, whose surface is `distance` mm away (negative inside). */
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
  const bones = createBonePainter(patient, skeleton);

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

    let muscle = FAR;
    for (const shape of muscles) muscle = Math.min(muscle, shape(side, y, z));
    paint(tissues.muscle, Math.max(muscle + 1.2 * slow, skin + 5));
    if (muscle < -1.5) {
      const streak = patient.streaks * Math.max(0, texture - 0.42) * 2.2;
      out.hu += (tissues.fat.hu - out.hu) * Math.min(0.5, streak);
      out.mr += (tissues.fat.mr - out.mr) * Math.min(0.5, streak);
    }
    for (const { shape, gasAbove } of loops) {
      const distance = shape(x, y, z);
      if (distance > edgeMm) continue;
      paint(tissues.bowel, distance + 2 * slow);
      paint(tissues.gas, Math.max(distance + 3, y - gasAbove));
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

/** LPS → the drawing's frame, written into `point`. */
function createFrame({ seed, scale, tilt, centre }: PhantomPatient) {
  const warp = createWarp(seed + 303, 2.2);
  const [cx, sx] = [Math.cos(tilt[0]), Math.sin(tilt[0])];
  const [cy, sy] = [Math.cos(tilt[1]), Math.sin(tilt[1])];
  const [cz, sz] = [Math.cos(tilt[2]), Math.sin(tilt[2])];
  return (px: number, py: number, pz: number, point: [number, number, number]): void => {
    const x0 = px - centre[0];
    const y0 = py - centre[1];
    const z0 = pz - centre[2];
    const x1 = cz * x0 + sz * y0;
    const y1 = cz * y0 - sz * x0;
    const x2 = cy * x1 - sy * z0;
    const z1 = cy * z0 + sy * x1;
    const y2 = cx * y1 + sx * z1;
    const z2 = cx * z1 - sx * y1;
    point[0] = x2 / scale[0];
    point[1] = y2 / scale[1];
    point[2] = z2 / scale[2];
    warp(point);
  };
}

/** Signed distance to the skin: a superellipse with unequal front and back, flattened by the couch, with the natal cleft. */
function createBody({ body, fat }: PhantomPatient): SignedDistance {
  const { exponent } = body;
  return (x, y, z) => {
    const low = Math.min(1, Math.max(0, (-z - 10) / 60));
    const high = Math.min(1, Math.max(0, (z - 10) / 90));
    const halfWidth = body.halfWidth + fat.side - 6 * high - 4 * low;
    const front = body.front - fat.front + 22 * low;
    const back = body.back + fat.back - 8 * low;
    const middle = (front + back) / 2 + 4;
    const depth = y < middle ? middle - front : back - middle;
    const u = Math.abs(x) / halfWidth;
    const v = Math.abs(y - middle) / depth;
    const radius = Math.pow(Math.pow(u, exponent) + Math.pow(v, exponent), 1 / exponent);
    if (radius < 1e-6) return -depth;
    let distance = ((radius - 1) / radius) * Math.hypot(x, y - middle);
    distance = Math.max(distance, y - (back - 4));
    const cleftDepth = 30 * Math.min(1, Math.max(0, (30 - z) / 60));
    const cleft = 0.28 * (y - (back - cleftDepth)) - Math.abs(x);
    return cleftDepth > 0 ? Math.max(distance, Math.min(cleft, 0.5 * cleftDepth)) : distance;
  };
}

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

/** Approximate signed distance to an axis-aligned ellipsoid. */
function createEllipsoid(
  [cx, cy, cz]: readonly [number, number, number],
  [rx, ry, rz]: readonly [number, number, number],
): SignedDistance {
  return (x, y, z) => {
    const u = (x - cx) / rx;
    const v = (y - cy) / ry;
    const w = (z - cz) / rz;
    const k0 = Math.sqrt(u * u + v * v + w * w);
    if (k0 > 2) return FAR;
    if (k0 < 1e-6) return -Math.min(rx, ry, rz);
    const [a, b, c] = [u / rx, v / ry, w / rz];
    return (k0 * (k0 - 1)) / Math.sqrt(a * a + b * b + c * c);
  };
}

function createSkeleton(patient: PhantomPatient) {
  return {
    femur: createFemur(patient.legTurn),
    ilium: createLoft(drawing.ilium),
    acetabulum: createLoft(drawing.acetabulum),
    pubis: createLoft(drawing.pubis),
    ischium: createLoft(drawing.ischium),
    sacrum: createLoft(drawing.sacrum),
    crest: createLoft(drawing.sacralCrest),
    lumbar: createLoft(drawing.lumbarVertebra),
  };
}

const JOINT_MM = 2.6;

/** Paints cartilage, cortex and the inside of the bones. */
function createBonePainter(patient: PhantomPatient, skeleton: ReturnType<typeof createSkeleton>) {
  const scaled = (tissue: Tissue, factor: number): Tissue => ({ ...tissue, hu: tissue.hu * factor });
  const cortex = scaled(tissues.cortex, patient.cortex > 1 ? 1.08 : 1);
  const trabecular = scaled(tissues.trabecular, patient.density);
  const head = scaled(tissues.femoralHead, patient.density);
  const spongy = scaled(tissues.sacralBone, patient.density);
  return (x: number, y: number, z: number, slow: number, paint: Paint): void => {
    const fromHead = Math.hypot(x - drawing.femoralHead.x, y, z) - drawing.femoralHead.radius;
    const sacrum = Math.min(skeleton.sacrum(x, y, z), skeleton.lumbar(x, y, z));
    const crest = skeleton.crest(x, y, z);
    let hip = Math.min(
      skeleton.ilium(x, y, z),
      skeleton.acetabulum(x, y, z),
      skeleton.pubis(x, y, z),
      skeleton.ischium(x, y, z),
    );
    // The joints: the cup and the wing keep clear of the head and of the sacrum.
    hip = Math.max(hip, JOINT_MM - fromHead, JOINT_MM - sacrum);
    const femur = skeleton.femur(x, y, z);
    if (fromHead < JOINT_MM + 1 && hip < 8) paint(tissues.cartilage, fromHead - JOINT_MM);
    if (x < 5 && hip < 4 && z < 0) paint(tissues.cartilage, Math.max(hip - 3, x - 5));

    paintBone(paint, cortex, spongy, Math.min(sacrum, crest), 1.5 * patient.cortex + 0.3 * slow);
    const subchondral = fromHead < 7 ? 1.2 : 0;
    paintBone(paint, cortex, trabecular, hip, (1.9 + subchondral) * patient.cortex + 0.4 * slow);
    if (femur > 6) return;
    const shaft = Math.min(1, Math.max(0, (-z - 18) / 45));
    const wall = (1.5 + 4.5 * shaft * shaft * (3 - 2 * shaft)) * patient.cortex + 0.3 * slow;
    paintBone(paint, cortex, fromHead < 2 ? head : trabecular, femur, wall);
    // Yellow marrow fills the shaft, and gives way to trabeculae towards the neck.
    if (z < -20) paint(tissues.marrow, femur + wall + 0.5 * Math.max(0, z + 50));
    // Fatty marrow of the greater trochanter and the neck's base.
    if (x > 118 && z <= 5 && z > -30) paint(tissues.marrow, femur + wall + 4);
  };
}

function paintBone(paint: Paint, cortex: Tissue, inside: Tissue, distance: number, wall: number): void {
  if (distance > 6) return;
  paint(cortex, distance);
  paint(inside, distance + wall);
}
