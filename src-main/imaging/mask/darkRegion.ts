/**
 * The largest connected region inside the body that gives no signal: what metal leaves in an MR. Gas gives none either, and thin cortical
 * bone hardly any; the size tells metal from bone, and a person from gas.
 */
import { affineDeterminant, affineSpacing, type Vector3 } from '../../shared/affine.ts';
import type { Volume } from '../../shared/volume.ts';
import { percentiles } from '../intensity/percentiles.ts';
import { largestComponent } from './largestComponent.ts';
import { erode } from './morphology.ts';

/** Signal below this share of the median inside the body is none: noise is a few per cent of it, muscle on T2 about a third. */
const darkShare = 0.12;
/** Air between skin folds and beside the legs is nearer to the skin than this. */
const depthMm = 12;

/** Its volume in millilitres; `body` is the outline at the skin, holes filled, on the grid of `mr`. */
export function darkRegionMl(mr: Volume, body: Volume<Uint8Array>): number {
  const { size, indexToLps } = mr.grid;
  const [sx, sy] = affineSpacing(indexToLps);
  const [median] = percentiles(mr.data, [50], body.data);
  if (median === undefined) return 0;
  const radii: Vector3 = [depthMm / sx, depthMm / sy, 0];
  const deep = erode(body.data, size, radii);
  for (let at = 0; at < deep.length; at++)
    if (deep[at] && !((mr.data[at] as number) < darkShare * median)) deep[at] = 0;
  const region = largestComponent(deep, size);
  let voxels = 0;
  for (const value of region) voxels += value;
  return (voxels * Math.abs(affineDeterminant(indexToLps))) / 1000;
}
