/** Where a point lies in the bone, in words: right or left, front or back, above or below its middle. */
import type { Vector3 } from '../../lib/geometry.ts';
import { t } from '../../lib/i18n.svelte.ts';
import type { Bounds } from '../../lib/meshCamera.ts';

const words = [
  ['right', 'left'],
  ['anterior', 'posterior'],
  ['inferior', 'superior'],
] as const;

/** Share of the bone's extent about the middle that has no word. */
const middle = 0.08;

export function placeWords(lps: Vector3, bounds: Bounds | null): string {
  if (!bounds) return '';
  const said = words.flatMap(([low, high], axis) => {
    const at = axis as 0 | 1 | 2;
    const extent = bounds.high[at] - bounds.low[at];
    const share = extent > 0 ? (lps[at] - bounds.low[at]) / extent - 0.5 : 0;
    return Math.abs(share) < middle ? [] : [t(`bone.place.${share < 0 ? low : high}`)];
  });
  const text = said.length > 0 ? said.join(', ') : t('bone.place.middle');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
