/**
 * The phantom's skeleton: hip bones, sacrum and femora with cortex and what fills them, and the cartilage of hip and symphysis.
 *
 * Cortex is a shell of varying thickness: a millimetre or two on flat bones, five or six on the femoral shaft. Thin shells are less
 * dense than the shaft. Inside lies trabecular bone, denser in the femoral head, and yellow marrow in the shaft.
 */
import { createFemur } from './femur.ts';
import { createLoft } from './loft.ts';
import type { PhantomPatient } from './patient.ts';
import * as drawing from './pelvisShapes.ts';
import { smoothMinimum } from './smoothMinimum.ts';
import { tissues, type Paint, type Tissue } from './tissues.ts';

const JOINT_MM = 2.4;
const BLEND_MM = 5;

/** Paints the bones at a point of the mirrored drawing (x ≥ 0); `slow` is a texture in [−1, 1] that varies the cortex. */
export type PaintBones = (x: number, y: number, z: number, slow: number, paint: Paint) => void;

/** Prepares the skeleton of a patient. */
export function createBones(patient: PhantomPatient): PaintBones {
  const femurShape = createFemur(patient.legTurn);
  const [ilium, acetabulum, pubis, ischium, sacrumBodies, crest, lumbar] = [
    drawing.ilium,
    drawing.acetabulum,
    drawing.pubis,
    drawing.ischium,
    drawing.sacrum,
    drawing.sacralCrest,
    drawing.lumbarVertebra,
  ].map((keys) => createLoft(keys)) as [Shape, Shape, Shape, Shape, Shape, Shape, Shape];
  const scaled = (tissue: Tissue, factor: number): Tissue => ({ ...tissue, hu: tissue.hu * factor });
  const compact = tissues.cortex;
  const thin = scaled(tissues.cortex, 0.78);
  const trabecular = scaled(tissues.trabecular, patient.density);
  const head = scaled(tissues.femoralHead, patient.density);
  const spongy = scaled(tissues.sacralBone, patient.density);

  return (x, y, z, slow, paint) => {
    const fromHead = Math.sqrt((x - drawing.femoralHead.x) ** 2 + y * y + z * z) - drawing.femoralHead.radius;
    const sacrum = Math.min(sacrumBodies(x, y, z), lumbar(x, y, z));
    const hipBone = smoothMinimum(
      smoothMinimum(ilium(x, y, z), acetabulum(x, y, z), BLEND_MM),
      smoothMinimum(pubis(x, y, z), ischium(x, y, z), BLEND_MM),
      BLEND_MM,
    );
    // The joints: the cup keeps clear of the head, the wing of the sacrum.
    const hip = Math.max(hipBone, JOINT_MM - fromHead, JOINT_MM - sacrum);
    if (fromHead < JOINT_MM + 1 && hip < 8) paint(tissues.cartilage, fromHead - JOINT_MM);
    if (x < 5 && hip < 4 && z < 0) paint(tissues.cartilage, Math.max(hip - 3, x - 5));
    paintBone(paint, thin, spongy, Math.min(sacrum, crest(x, y, z)), 1.2 * patient.cortex + 0.4 * slow);
    const subchondral = fromHead < 6 ? 0.7 : 0;
    paintBone(paint, thin, trabecular, hip, (1.7 + subchondral) * patient.cortex + 0.6 * slow);

    const femur = femurShape(x, y, z);
    if (femur > 6) return;
    const shaft = Math.min(1, Math.max(0, (-z - 18) / 45));
    const wall = (1.5 + 4.5 * shaft * shaft * (3 - 2 * shaft)) * patient.cortex + 0.3 * slow;
    const inHead = fromHead < 2;
    paintBone(paint, inHead ? thin : compact, inHead ? head : trabecular, femur, wall);
    // Yellow marrow fills the shaft, gives way to trabeculae towards the neck, and lies in the greater trochanter.
    paint(tissues.marrow, femur + wall + 0.5 * Math.max(0, z + 50));
    paint(tissues.marrow, Math.max(femur + wall + 3, 0.4 * (122 - x) + 5 * slow, 0.4 * (z - 8)));
  };
}

type Shape = ReturnType<typeof createLoft>;

function paintBone(paint: Paint, cortex: Tissue, inside: Tissue, distance: number, wall: number): void {
  if (distance > 6) return;
  paint(cortex, distance);
  paint(inside, distance + wall);
}
