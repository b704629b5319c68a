/**
 * What the phantom is made of: CT number in HU and T1-weighted signal (fat = 1 before the receive field), each with the strength of
 * its internal texture. Values are typical of the literature's ranges at 120 kVp and of a spoiled or turbo spin-echo T1-weighted
 * sequence; cortical bone and gas give no signal, urine and flowing blood little. Labels are the numbers of `labels` volumes.
 */
export interface Tissue {
  readonly label: number;
  readonly hu: number;
  readonly mr: number;
  /** Change of `hu` and `mr` per unit of texture. */
  readonly huTexture: number;
  readonly mrTexture: number;
}

function tissue(label: number, hu: number, mr: number, huTexture: number, mrTexture: number): Tissue {
  return { label, hu, mr, huTexture, mrTexture };
}

/** Trabecular bone is darker in MR where it is denser in CT, as less fatty marrow fits between. */
export const tissues = {
  air: tissue(0, -1000, 0, 0, 0),
  skin: tissue(1, 10, 0.42, 10, 0.03),
  fat: tissue(2, -102, 0.95, 9, 0.06),
  muscle: tissue(3, 56, 0.33, 8, 0.05),
  vessel: tissue(4, 48, 0.16, 3, 0.02),
  bowel: tissue(5, 32, 0.38, 18, 0.07),
  bladder: tissue(6, 6, 0.15, 1, 0.01),
  bladderWall: tissue(7, 38, 0.34, 4, 0.02),
  prostate: tissue(8, 42, 0.37, 5, 0.04),
  seminalVesicles: tissue(9, 28, 0.33, 6, 0.04),
  rectum: tissue(10, 36, 0.4, 22, 0.08),
  gas: tissue(11, -960, 0.01, 10, 0),
  cartilage: tissue(12, 75, 0.44, 4, 0.03),
  cortex: tissue(13, 1180, 0.05, 60, 0.01),
  trabecular: tissue(14, 205, 0.66, 80, -0.09),
  femoralHead: tissue(15, 315, 0.72, 70, -0.08),
  marrow: tissue(16, 10, 0.88, 30, -0.05),
  sacralBone: tissue(17, 150, 0.6, 70, -0.09),
  /** Liver, kidney, spleen and the like, which the drawn pelvis does not have. */
  organ: tissue(18, 45, 0.42, 8, 0.04),
} as const satisfies Record<string, Tissue>;

/** Covers what is at the current point by `tissue`, whose surface is `distance` mm away (negative inside). */
export type Paint = (tissue: Tissue, distance: number) => void;
