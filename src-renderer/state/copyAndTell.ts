/** Copies, and says whether it worked. */
import { copyText } from '../lib/copyText.ts';
import { t } from '../lib/i18n.svelte.ts';
import { notify } from './notices.svelte.ts';

export async function copyAndTell(text: string): Promise<void> {
  if (await copyText(text)) notify({ tone: 'ok', text: t('shell.copied') });
  else notify({ tone: 'warning', text: t('shell.copyRefused') });
}
