/**
 * What is odd in a MetaImage header.
 *
 * Source: ITK's MetaImageIO, which writes AnatomicalOrientation as the sides that axes come from (RAI is LPS+); other programs write the
 * sides they go to (LPS). Either is right when it agrees with TransformMatrix, which alone counts.
 */
import { affineAxes } from '../../shared/affine.ts';
import type { Finding } from '../../shared/finding.ts';
import { parseMetaHeader } from './metaHeader.ts';

const sides = [
  ['R', 'L'],
  ['A', 'P'],
  ['I', 'S'],
] as const;

/** Findings about the header at the beginning of `bytes`. Throws what `parseMetaHeader` throws. */
export function metaImageFindings(bytes: Uint8Array, path: string): Finding[] {
  const { grid, orientationLabel } = parseMetaHeader(bytes, path);
  const names = affineAxes(grid.indexToLps).map((axis) => {
    const lengths = axis.map(Math.abs);
    const main = lengths.indexOf(Math.max(...lengths));
    const [low = '', high = ''] = sides[main] ?? [];
    return (axis[main] ?? 0) > 0 ? { from: low, to: high } : { from: high, to: low };
  });
  const axes = names.map(({ from }) => from).join('');
  const opposite = names.map(({ to }) => to).join('');
  if (orientationLabel === undefined || orientationLabel === axes || orientationLabel === opposite) return [];
  const details = { label: orientationLabel, axes, opposite };
  return [{ code: 'metaimage-label-differs', severity: 'warning', subject: path, details }];
}
