/** The line under a side's name: what is shown and how much of it. */
import { formatHu, formatNumber } from '../../lib/format.ts';
import { t } from '../../lib/i18n.svelte.ts';
import type { BoneMode } from '../../state/boneLook.svelte.ts';
import type { BoneSideState } from '../../state/boneSide.svelte.ts';

export function paneNote(side: BoneSideState, mode: BoneMode, thresholdHu: number): string {
  const { surface } = side;
  if (mode === 'volume') return t('bone.note.volume', { hu: formatHu(thresholdHu) });
  if (!surface) return t('bone.note.making');
  const hu = formatHu(surface.thresholdHu);
  const triangles = surface.mesh.triangles.length / 3;
  if (triangles === 0) return t('bone.note.none', { hu });
  const size = t('bone.note.triangles', { hu, count: formatNumber(triangles / 1000) });
  if (surface.detail === 'preview') return t('bone.note.preview', { size });
  if (mode === 'distance' && side.distancesMm) return t(`bone.note.distance.${side.tone}`, { hu });
  return surface.blocks > 1 ? t('bone.note.blocks', { size, blocks: surface.blocks }) : size;
}
