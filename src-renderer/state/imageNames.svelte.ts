/** What is written under an image's name: the series, or which model made it and how long it took. */
import { formatNumber } from '../lib/format.ts';
import { t } from '../lib/i18n.svelte.ts';
import { study } from './study.svelte.ts';
import type { ImageName } from './viewer.svelte.ts';

export function imageSubtitle(image: ImageName): string {
  const { detail, sctId, arriving } = study;
  if (image !== 'sct') return detail?.[image]?.name ?? '';
  const sct = detail?.scts.find((entry) => entry.sctId === sctId);
  if (arriving.sct && !study.loading) return t('synthesize.generate.live');
  return sct
    ? t('synthesize.sct.subtitle', { model: sct.modelName, seconds: formatNumber(sct.seconds) })
    : '';
}
