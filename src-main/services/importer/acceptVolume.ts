/**
 * The gate every volume passes on its way in: it has voxels, lies where a patient can, all values are finite, and it is kept in one of few data types (Int16
 * where all values are 16-bit integers, else Float32; masks Uint8), so that nothing behind it meets an odd one.
 */
import { affineSpacing } from '../../shared/affine.ts';
import { AppError } from '../../shared/appError.ts';
import { type Grid, voxelCount, type Volume } from '../../shared/volume.ts';

/** Voxels of images of patients are much larger and smaller than these, mm. */
const [smallestSpacingMm, largestSpacingMm] = [1e-4, 1e3];
/** And no scanner puts its origin this far away, mm. */
const farthestMm = 1e6;

/** Checks and narrows an MR or CT; `name` is used in messages. Throws VOLUME_EMPTY, VOLUME_IMPLAUSIBLE, VOLUME_NOT_FINITE. */
export function acceptImage(volume: Volume, name: string): Volume<Int16Array | Float32Array> {
  const { grid, data } = volume;
  if (voxelCount(grid) === 0 || data.length === 0) throw new AppError('VOLUME_EMPTY', { path: name });
  checkPlace(grid, name);
  if (data instanceof Int16Array) return { grid, data };
  let broken = 0;
  let integers = true;
  for (let at = 0; at < data.length; at++) {
    const value = data[at] ?? NaN;
    if (!Number.isFinite(value)) broken++;
    integers &&= value >= -32768 && value <= 32767 && Number.isInteger(value);
  }
  if (broken > 0) throw new AppError('VOLUME_NOT_FINITE', { path: name, count: broken });
  if (data instanceof Float32Array && !integers) return { grid, data };
  return { grid, data: integers ? Int16Array.from(data) : Float32Array.from(data) };
}

/** Checks a mask and makes it 0 and 1 (inside: any value above 0, as SynthRAD's metrics read it). */
export function acceptMask(volume: Volume, name: string): Volume<Uint8Array> {
  const { grid, data } = acceptImage(volume, name);
  return { grid, data: Uint8Array.from(data, (value) => (value > 0 ? 1 : 0)) };
}

function checkPlace({ indexToLps }: Grid, path: string): void {
  const refuse = (reason: string): AppError => new AppError('VOLUME_IMPLAUSIBLE', { path, reason });
  const spacing = affineSpacing(indexToLps);
  if (!spacing.every((length) => length >= smallestSpacingMm && length <= largestSpacingMm))
    throw refuse(`its voxels are ${spacing.map((length) => length.toPrecision(3)).join(' × ')} mm large`);
  const [, , , x, , , , y, , , , z] = indexToLps;
  const distance = Math.hypot(x, y, z);
  if (!(distance <= farthestMm)) throw refuse(`it lies ${distance.toPrecision(3)} mm away from its origin`);
}
