/** Which of the shell's dialogs is in front; at most one. */
import type { JobSnapshot } from '../../src-main/api/contract/jobs.ts';

export type OverlayName = 'palette' | 'shortcuts' | 'log' | 'importReport' | 'query';

class Overlays {
  current = $state<OverlayName | null>(null);
  /** Whose log or report it is. */
  job = $state.raw<JobSnapshot | null>(null);

  show(name: OverlayName, job: JobSnapshot | null = null): void {
    this.job = job;
    this.current = name;
  }

  hide(): void {
    this.current = null;
  }
}

export const overlays = new Overlays();
