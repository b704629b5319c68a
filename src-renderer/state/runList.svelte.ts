/** The workspace's runs, newest first, and which job works on which. */
import type { JobSnapshot } from '../../src-main/api/contract/jobs.ts';
import type { RunSummary } from '../../src-main/api/contract/training.ts';
import { t } from '../lib/i18n.svelte.ts';

export interface RunListPorts {
  runs(): Promise<readonly RunSummary[]>;
  /** Every job, newest first. */
  jobs(): readonly JobSnapshot[];
  fail(error: unknown, what: string): void;
}

/** Whether a job trains, begun or resumed. */
export function isTraining({ kind }: JobSnapshot): boolean {
  return kind === 'train' || kind === 'resume';
}

export class RunList {
  runs = $state.raw<readonly RunSummary[]>([]);
  loaded = $state(false);
  readonly #ports: RunListPorts;
  readonly #jobs = $derived.by(() => this.#ports.jobs().filter(isTraining));
  /** Training that has not made its run yet: it still prepares the slices. */
  readonly preparing = $derived(
    this.#jobs.find(
      ({ status, subject }) =>
        (status === 'running' || status === 'stopping') && !this.runs.some(({ run }) => run === subject),
    ) ?? null,
  );

  constructor(ports: RunListPorts) {
    this.#ports = ports;
  }

  async load(): Promise<void> {
    try {
      const runs = await this.#ports.runs();
      this.runs = [...runs].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
      this.loaded = true;
    } catch (error) {
      this.#ports.fail(error, t('train.runs.notRead'));
    }
  }

  find(run: string | null): RunSummary | null {
    return this.runs.find((one) => one.run === run) ?? null;
  }

  /** The job that works on the run now. */
  jobOf(run: string): JobSnapshot | null {
    return (
      this.#jobs.find(
        ({ subject, status }) => subject === run && (status === 'running' || status === 'stopping'),
      ) ?? null
    );
  }

  /** Steps done, told by the job while it trains (before that it counts what it prepares), else by the run. */
  stepOf({ run, step }: RunSummary): number {
    const progress = this.jobOf(run)?.progress;
    return progress?.step === 'train' ? progress.done : step;
  }

  /** The last job that worked on the run, over or not: it knows why training ended. */
  lastJobOf(run: string): JobSnapshot | null {
    return this.#jobs.find(({ subject }) => subject === run) ?? null;
  }
}
