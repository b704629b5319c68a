/** A case as loose NIfTI files (`pelvis_mr.nii`, `pelvis_ct.nii`, `pelvis_mask.nii`): a body with two bones that differ from foot to head. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNifti } from '../../../src-main/formats/nifti/writeNifti.ts';
import type { Volume } from '../../../src-main/shared/volume.ts';

const size = [80, 56, 20] as const;
const spacingMm = 4;

export async function writeLooseCase(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, volume] of Object.entries(drawLooseCase()))
    await writeFile(join(folder, `pelvis_${name}.nii`), writeNifti(volume));
}

/** Its images: 80 × 56 × 20 voxels of 4 mm, axial, the first slice at z = 0. */
export function drawLooseCase(): Record<'mr' | 'ct' | 'mask', Volume> {
  return {
    mr: draw(Int16Array, (place) => ({ air: 0, tissue: 400, bone: 60 })[place]),
    ct: draw(Int16Array, (place) => ({ air: -1000, tissue: 40, bone: 700 })[place]),
    mask: draw(Uint8Array, (place) => (place === 'air' ? 0 : 1)),
  };
}

type Place = 'air' | 'tissue' | 'bone';

function draw<T extends Int16Array | Uint8Array>(
  kind: new (length: number) => T,
  valueOf: (place: Place) => number,
): Volume {
  const [nx, ny, nz] = size;
  const data = new kind(nx * ny * nz);
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const value = valueOf(placeOf(i, j, k));
        data[i + nx * (j + ny * k)] = value > 1 ? value + ((i * 7 + j * 13) % 17) - 8 : value;
      }
  const origin = [(-spacingMm * nx) / 2, (-spacingMm * ny) / 2, 0] as const;
  const indexToLps = [
    spacingMm, 0, 0, origin[0],
    0, spacingMm, 0, origin[1],
    0, 0, spacingMm, origin[2],
  ] as const; // prettier-ignore
  return { grid: { size: [...size], indexToLps: [...indexToLps] }, data };
}

function placeOf(i: number, j: number, k: number): Place {
  const [x, y] = [(2 * i) / size[0] - 1, ((2 * j) / size[1] - 1) * 0.7];
  if (Math.hypot(x, y / 0.6) > 0.85) return 'air';
  const apart = 0.2 + 0.3 * (k / size[2]);
  return Math.hypot(Math.abs(x) - apart, y) < 0.12 ? 'bone' : 'tissue';
}
