/**
 * One phantom patient: a paired MR and CT of a pelvis, drawn or scanned (`phantomSubject.ts`), with a known misalignment.
 *
 * The MR has a receive field, Rician noise and an arbitrary gain; the CT, in HU, has Gaussian noise. Both lie on one axial grid in
 * LPS. The CT is the same anatomy seen through the true deformation, evaluated where it takes each voxel (not interpolated), so
 * without misalignment it equals the aligned CT voxel by voxel, noise included. Axial slices without partial volume in z.
 */
import type { Grid, Volume } from '../../shared/volume.ts';
import { voxelCount } from '../../shared/volume.ts';
import { createRandom, type Random } from '../../shared/random.ts';
import type { Anatomy, PointSample } from './anatomy.ts';
import { drawDeformation } from './deformation.ts';
import { drawnSize } from './drawnSize.ts';
import { phantomCut, type PhantomCut } from './phantomCut.ts';
import { drawnSubject, type SubjectSource } from './phantomSubject.ts';
import { drawScanner, type PhantomScanner } from './scanner.ts';

export interface PhantomCaseOptions {
  readonly seed: number;
  /** Columns and rows; 192 × 128 unless told. */
  readonly sizePx?: readonly [number, number];
  /** In-plane voxel size; 2 mm unless told. */
  readonly spacingMm?: number;
  /** 24 unless told. */
  readonly slices?: number;
  readonly sliceSpacingMm?: number;
  /** Length of the largest displacement inside the body; 0 gives an aligned pair. */
  readonly misalignMm: number;
  /** How much contrast and noise of the MR differ from case to case, 0…1; 0 unless told. */
  readonly variety?: number;
}

export interface PhantomCase {
  /** Arbitrary units, whole numbers from 0. */
  readonly mr: Volume<Float32Array>;
  /** HU as acquired, that is misaligned. */
  readonly ct: Volume<Int16Array>;
  /** HU on the anatomy of the MR: the truth. */
  readonly ctAligned: Volume<Int16Array>;
  /** x, y and z components in mm, [3, nz, ny, nx]: `ct(p) = ctAligned(p + displacement(p))` but for noise. */
  readonly displacement: Float32Array;
  /** 1 inside the skin, on the anatomy of the MR. */
  readonly bodyMask: Volume<Uint8Array>;
  /** Tissue numbers of `tissues.ts`, on the anatomy of the MR. */
  readonly labels: Volume<Uint8Array>;
  readonly cut: PhantomCut;
}

const CT_NOISE_HU = 13;
const TURN_LIMIT = (1.5 * Math.PI) / 180;

/** Makes a case of a subject, the drawn patient unless told; deterministic in its options. */
export function createPhantomCase(
  options: PhantomCaseOptions,
  subjectOf: SubjectSource = drawnSubject,
): PhantomCase {
  const { seed, misalignMm, variety = 0 } = options;
  const grid = phantomGrid(options);
  const subject = subjectOf(seed, (options.spacingMm ?? 2) * 1.1);
  const { anatomy, place } = subject;
  const acquisition = createRandom(seed + 606);
  const scanner = drawScanner(acquisition, seed, variety);
  const aligned = renderAligned(grid, anatomy, scanner);
  const displacement = renderDisplacement(grid, aligned.labels, misalignMm, (limit) =>
    drawDeformation(seed + 404, place, limit),
  );
  const noise = ctNoise(seed, voxelCount(grid));
  const ctHu = misalignMm > 0 ? renderCt(grid, anatomy, displacement) : aligned.hu;
  return {
    mr: { grid, data: acquireMr(grid, aligned.mr, scanner, acquisition) },
    ct: { grid, data: withNoise(ctHu, noise) },
    ctAligned: { grid, data: withNoise(aligned.hu, noise) },
    displacement,
    bodyMask: { grid, data: aligned.labels.map((label) => (label > 0 ? 1 : 0)) },
    labels: { grid, data: aligned.labels },
    cut: phantomCut({ subject, grid, labels: aligned.labels, displacement }),
  };
}

function phantomGrid({
  sizePx = drawnSize.sizePx,
  spacingMm = 2,
  slices = drawnSize.slices,
  sliceSpacingMm = 5,
}: PhantomCaseOptions): Grid {
  const [nx, ny] = sizePx;
  const centre = (n: number, step: number, about: number): number => about - ((n - 1) / 2) * step;
  const origin = [
    centre(nx, spacingMm, 0),
    centre(ny, spacingMm, 6),
    centre(slices, sliceSpacingMm, 14),
  ] as const;
  return {
    size: [nx, ny, slices],
    indexToLps: [
      spacingMm, 0, 0, origin[0],
      0, spacingMm, 0, origin[1],
      0, 0, sliceSpacingMm, origin[2],
    ],
  }; // prettier-ignore
}

/** Calls `visit` with every voxel's number and LPS position. The phantom's grids are axis-aligned. */
function forEachVoxel(
  { size: [nx, ny, nz], indexToLps: [sx, , , ox, , sy, , oy, , , sz, oz] }: Grid,
  visit: (at: number, x: number, y: number, z: number) => void,
): void {
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) visit(at, ox + sx * i, oy + sy * j, oz + sz * k);
    }
  }
}

function renderAligned(grid: Grid, anatomy: Anatomy, scanner: PhantomScanner) {
  const count = voxelCount(grid);
  const hu = new Float32Array(count);
  const mr = new Float32Array(count);
  const labels = new Uint8Array(count);
  const sample: PointSample = { label: 0, hu: 0, mr: 0 };
  forEachVoxel(grid, (at, x, y, z) => {
    anatomy(x, y, z, sample);
    hu[at] = sample.hu;
    mr[at] = scanner.signal(sample.label, sample.mr);
    labels[at] = sample.label;
  });
  return { hu, mr, labels };
}

function renderCt(grid: Grid, anatomy: Anatomy, displacement: Float32Array): Float32Array {
  const count = voxelCount(grid);
  const hu = new Float32Array(count);
  const sample: PointSample = { label: 0, hu: 0, mr: 0 };
  forEachVoxel(grid, (at, x, y, z) => {
    const dx = displacement[at] as number;
    const dy = displacement[count + at] as number;
    const dz = displacement[2 * count + at] as number;
    anatomy(x + dx, y + dy, z + dz, sample);
    hu[at] = sample.hu;
  });
  return hu;
}

/** The deformation on the grid, scaled so that the largest displacement inside the body is `misalignMm` long. */
function renderDisplacement(
  grid: Grid,
  labels: Uint8Array,
  misalignMm: number,
  draw: (turnLimitPerUnit: number) => ReturnType<typeof drawDeformation>,
): Float32Array {
  const count = voxelCount(grid);
  const out = new Float32Array(3 * count);
  if (!(misalignMm > 0)) return out;
  const field = draw(Math.min(TURN_LIMIT / misalignMm, TURN_LIMIT / 8));
  const d: [number, number, number] = [0, 0, 0];
  let peak = 0;
  forEachVoxel(grid, (at, x, y, z) => {
    field(x, y, z, d);
    out[at] = d[0];
    out[count + at] = d[1];
    out[2 * count + at] = d[2];
    if (labels[at]) peak = Math.max(peak, Math.hypot(d[0], d[1], d[2]));
  });
  const scale = misalignMm / peak;
  for (let at = 0; at < out.length; at++) out[at] = (out[at] as number) * scale;
  return out;
}

function ctNoise(seed: number, count: number): Float32Array {
  const random = createRandom(seed + 505);
  return Float32Array.from({ length: count }, () => CT_NOISE_HU * random.normal());
}

function withNoise(hu: Float32Array, noise: Float32Array): Int16Array {
  const out = new Int16Array(hu.length);
  for (let at = 0; at < out.length; at++) {
    out[at] = Math.max(-1024, Math.round((hu[at] as number) + (noise[at] as number)));
  }
  return out;
}

/** Receive field, Rician noise, gain; whole numbers. */
function acquireMr(
  grid: Grid,
  signal: Float32Array,
  { gain, field: { slope, dome }, noise }: PhantomScanner,
  random: Random,
): Float32Array {
  const out = new Float32Array(signal.length);
  forEachVoxel(grid, (at, x, y, z) => {
    const [u, v, w] = [x / 180, y / 110, z / 90];
    const field = Math.exp(slope[0] * u + slope[1] * v + slope[2] * w + dome * (0.5 * (u * u + v * v) - 0.5));
    const real = (signal[at] as number) * field + noise * random.normal();
    const imaginary = noise * random.normal();
    out[at] = Math.round(gain * Math.hypot(real, imaginary));
  });
  return out;
}
