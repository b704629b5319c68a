/** Bone as a picture: warm light from the upper left, cool light from the right, hollows darkened; colours as in the Bone desk. */
import type { BoneView } from '../../../imaging/render/boneView.ts';
import { depthShadow } from '../../../imaging/render/depthShadow.ts';
import { createCanvas, setPixel, type Canvas, type Rgb } from '../../montage/canvas.ts';

type Direction = readonly [x: number, y: number, z: number];

/** Towards the light, LPS: the viewer stands at −y. */
const lights: readonly { readonly towards: Direction; readonly colour: Rgb }[] = [
  { towards: unit([-0.55, -0.7, 0.6]), colour: [0.74, 0.72, 0.69] },
  { towards: unit([0.8, -0.35, -0.1]), colour: [0.2, 0.23, 0.28] },
];
const halfway = unit([-0.3, -1, 0.33]);
const ambient: Rgb = [0.2, 0.2, 0.22];
/** `--bone`, `--bone-hollow`, `--bone-ground` and its edge. */
const bone: Rgb = [239, 227, 205];
const hollow: Rgb = [109, 89, 71];
const ground: Rgb = [34, 44, 55];
const groundEdge: Rgb = [5, 7, 10];
/** How far behind its surroundings a place must lie to be dark, mm, close by and wide around. */
const shadows = [
  { radiusPx: 3, fullMm: 6, amount: 0.2 },
  { radiusPx: 14, fullMm: 26, amount: 0.6 },
] as const;

/** The picture of a view, all pixels opaque. */
export function paintBone({ width, height, depthMm, normals }: BoneView): Canvas {
  const canvas = createCanvas(width, height, groundEdge);
  const hidden = shadows.map(({ radiusPx, fullMm, amount }) => ({
    of: depthShadow(depthMm, width, height, radiusPx),
    fullMm,
    amount,
  }));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = x + width * y;
      if (Number.isNaN(depthMm[at])) {
        setPixel(canvas, x, y, backdrop(x / width - 0.5, y / height - 0.5));
        continue;
      }
      const normal: Direction = [
        normals[3 * at] as number,
        normals[3 * at + 1] as number,
        normals[3 * at + 2] as number,
      ];
      const open = hidden.reduce(
        (share, { of, fullMm, amount }) => share * (1 - amount * Math.min(1, (of[at] as number) / fullMm)),
        1,
      );
      setPixel(canvas, x, y, lit(normal, open));
    }
  }
  return canvas;
}

function lit(normal: Direction, open: number): Rgb {
  const shine = 0.22 * Math.max(0, dot(normal, halfway)) ** 24 * open;
  const channel = (at: 0 | 1 | 2): number => {
    const surface = hollow[at] + (bone[at] - hollow[at]) * open ** 0.8;
    const light = lights.reduce(
      // Light that wraps around a little: bone is not opaque.
      (sum, { towards, colour }) => sum + colour[at] * Math.max(0, (dot(normal, towards) + 0.15) / 1.15),
      ambient[at] * open,
    );
    return Math.min(255, Math.round(surface * light * (0.35 + 0.65 * open) + 255 * shine));
  };
  return [channel(0), channel(1), channel(2)];
}

/** A soft pool of light behind the bone. */
function backdrop(x: number, y: number): Rgb {
  const share = Math.min(1, Math.hypot(x * 1.3, y * 1.3) * 1.35) ** 1.4;
  const channel = (at: 0 | 1 | 2): number => Math.round(ground[at] + (groundEdge[at] - ground[at]) * share);
  return [channel(0), channel(1), channel(2)];
}

function dot(a: Direction, b: Direction): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function unit([x, y, z]: Direction): Direction {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}
