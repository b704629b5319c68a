/**
 * Volumes as vtk.js images, one each, however many views show it: vtk.js keeps one texture per scalar array and context. A volume that is moved
 * (the same voxels at another place) is another image with the same array: nothing is uploaded again.
 *
 * int16 stays int16 in memory, and on the graphics card where EXT_texture_norm16 can be filtered linearly. Elsewhere vtk.js
 * widens it to a 32-bit float texture (exact, twice the size; half floats only where float textures cannot be filtered).
 */
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js';
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js';
import { affineOf, axisStep, length, normalise } from '../lib/geometry.ts';
import type { LoadedVolume, VoxelData } from '../lib/volume.ts';

export class SliceImages {
  readonly #images = new Map<LoadedVolume, vtkImageData>();
  readonly #arrays = new Map<VoxelData, vtkDataArray>();

  get size(): number {
    return this.#images.size;
  }

  /** The image of a volume; its scalars are the volume's own array. */
  of(volume: LoadedVolume): vtkImageData {
    const known = this.#images.get(volume);
    if (known) return known;
    const affine = affineOf(volume);
    const steps = [axisStep(affine, 0), axisStep(affine, 1), axisStep(affine, 2)] as const;
    const image = vtkImageData.newInstance();
    image.setDimensions([...volume.size]);
    image.setSpacing(steps.map(length));
    image.setOrigin([affine[3], affine[7], affine[11]]);
    // vtk.js writes the axes one after the other: first the direction of i, then of j, then of k.
    const [i, j, k] = [normalise(steps[0]), normalise(steps[1]), normalise(steps[2])];
    image.setDirection(...i, ...j, ...k);
    image.getPointData().setScalars(this.#arrayOf(volume.data));
    this.#images.set(volume, image);
    return image;
  }

  known(volume: LoadedVolume): vtkImageData | undefined {
    return this.#images.get(volume);
  }

  /** Lets go of all images but those of `wanted`. */
  keep(wanted: ReadonlySet<LoadedVolume>): void {
    for (const [volume, image] of this.#images) {
      if (wanted.has(volume)) continue;
      image.delete();
      this.#images.delete(volume);
    }
    const kept = new Set<VoxelData>([...this.#images.keys()].map(({ data }) => data));
    for (const data of this.#arrays.keys()) if (!kept.has(data)) this.#arrays.delete(data);
  }

  #arrayOf(data: VoxelData): vtkDataArray {
    const known = this.#arrays.get(data);
    if (known) return known;
    // The range only decides between half and whole floats; the widest spares a pass over all voxels and keeps slices that
    // arrive later exact.
    const values = vtkDataArray.newInstance({ name: 'values', numberOfComponents: 1, values: data });
    values.setRange({ min: -1e6, max: 1e6 }, 0);
    this.#arrays.set(data, values);
    return values;
  }
}
