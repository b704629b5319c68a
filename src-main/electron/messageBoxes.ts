/** What the native message boxes say. */
import type { JobSnapshot } from '../api/contract/jobs.ts';
import type { HostTexts } from './hostTexts.ts';

export interface MessageBox {
  readonly type: 'info' | 'question';
  readonly message: string;
  readonly detail: string;
  readonly buttons: string[];
  readonly defaultId: number;
  readonly cancelId: number;
}

/** The first button's index: stop the jobs and quit. */
export const stopAndQuit = 0;

export function quitQuestion(texts: HostTexts, jobs: readonly JobSnapshot[]): MessageBox {
  return {
    type: 'question',
    message: texts['quit-title'],
    detail: texts['quit-detail']
      .replace('{count}', String(jobs.length))
      .replace('{subjects}', jobs.map(({ subject }) => subject).join(', ')),
    buttons: [texts['quit-stop'], texts['cancel']],
    defaultId: 1,
    cancelId: 1,
  };
}

export function aboutBox(texts: HostTexts, version: string): MessageBox {
  return {
    type: 'info',
    message: texts['about-text'].replace('{version}', version),
    detail: texts['about-detail'],
    buttons: [texts['ok']],
    defaultId: 0,
    cancelId: 0,
  };
}
