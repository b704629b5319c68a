/** Says that a job has ended where the person may not be looking: failures always, success when another desk is in front. */
import type { JobKind, JobSnapshot } from '../../src-main/api/contract/jobs.ts';
import { jobEnd, jobTitle } from '../lib/jobText.ts';
import { t } from '../lib/i18n.svelte.ts';
import { app } from './app.svelte.ts';
import type { DeskId } from './desks.ts';
import { jobs } from './jobs.svelte.ts';
import { notify } from './notices.svelte.ts';
import { overlays } from './overlays.svelte.ts';

/** Where the fruit of a job is seen; imports have a report of their own. */
const deskOf: Partial<Record<JobKind, DeskId>> = {
  generate: 'synthesize',
  register: 'synthesize',
  export: 'synthesize',
  rank: 'train',
  train: 'train',
  resume: 'train',
  release: 'train',
  compare: 'compare',
  'phantom-cohort': 'train',
};

function tell(job: JobSnapshot): void {
  if (job.status === 'failed') {
    notify({
      tone: 'error',
      text: t('shell.jobFailed', { job: jobTitle(job), reason: jobEnd(job) }),
      action: { label: t('shell.action.log'), run: () => overlays.show('log', job) },
    });
    return;
  }
  const desk = deskOf[job.kind];
  if (job.status !== 'done' || desk === undefined || app.desk === desk) return;
  notify({
    tone: 'ok',
    text: t('shell.jobDone', { job: jobTitle(job) }),
    action: { label: t('shell.show'), run: () => app.go(desk) },
  });
}

/** Call the result to stop. */
export function tellEnds(): () => void {
  return jobs.onEnd(tell);
}
