/** Jobs in words: what is done, on what, how far, and why it ended. */
import type { JobSnapshot } from '../../src-main/api/contract/jobs.ts';
import { formatHeard, formatMiB, formatNumber, formatTimeLeft } from './format.ts';
import { errorText, hasText, phraseText, t } from './i18n.svelte.ts';

/** `Synthetic CT`, `Training`… */
export function jobTitle(job: JobSnapshot): string {
  return t(`shell.job.${job.kind}`);
}

/** The step in the person's language where it is one we know; a kind of work may have words of its own for it. */
function stepText({ kind }: JobSnapshot, step: string): string {
  const name = step.replaceAll(' ', '-');
  const key = [`shell.step.${kind}.${name}`, `shell.step.${name}`].find(hasText);
  return key === undefined ? step : t(key);
}

/** `slice 70 of 112`; the last message before the first step. */
export function jobStep(job: JobSnapshot): string {
  if (job.status === 'stopping') return t('shell.job.stopping');
  const { progress } = job;
  if (!progress) return job.message === null ? t('shell.job.starting') : phraseText(job.message);
  if (progress.total <= 0) return stepText(job, progress.step);
  return t('shell.stepOf', {
    step: stepText(job, progress.step),
    done: formatNumber(progress.done),
    total: formatNumber(progress.total),
  });
}

/** Time left, memory and the last sign of life, as far as known; `now` in ms. */
export function jobFigures(job: JobSnapshot, now: number): string[] {
  return [
    job.secondsLeft === null ? null : formatTimeLeft(job.secondsLeft),
    job.memoryMiB === null ? null : formatMiB(job.memoryMiB),
    formatHeard(job.heardAt, now),
  ].filter((text) => text !== null);
}

/** Why a job ended, in a sentence. */
export function jobEnd(job: JobSnapshot): string {
  if (job.status === 'failed') return job.error ? errorText(job.error) : t('shell.job.failedUnknown');
  if (job.status === 'cancelled') return t('shell.job.cancelled');
  return t('shell.job.done');
}
