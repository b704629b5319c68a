/** Bringing studies in: by drop, by button, as a phantom; the upload in a browser, then the import job, then what became of it. */
import type {
  ImportResult,
  JobSnapshot,
  JobStart,
  RetrieveTarget,
} from '../../src-main/api/contract/jobs.ts';
import { entriesOf, filesBelow, filesOf, type DroppedFile } from '../lib/droppedFiles.ts';
import { hostBridge } from '../lib/hostBridge.ts';
import { t } from '../lib/i18n.svelte.ts';
import { uploadFiles, type UploadProgress } from '../lib/upload.ts';
import { app } from './app.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { notify, notifyError } from './notices.svelte.ts';
import { overlays } from './overlays.svelte.ts';

/** The result of an import job, where it has one. */
export function importResultOf(job: JobSnapshot): ImportResult | null {
  const { result } = job;
  return typeof result === 'object' && result !== null && 'outcomes' in result
    ? (result as ImportResult)
    : null;
}

interface ImportChoice {
  readonly resample?: boolean;
}

class Imports {
  /** The upload under way; null when none is. Files are counted before their number is known: total 0. */
  upload = $state.raw<UploadProgress | null>(null);
  private controller = new AbortController();
  /** How the latest import is done once more with uneven slices resampled; earlier ones' files are let go. */
  private resampled: { readonly jobId: string; readonly run: () => void } | null = null;

  /** Takes what was dropped on the window. */
  drop(transfer: DataTransfer): void {
    const host = hostBridge();
    if (host) {
      this.importPaths(host.pathsOf([...transfer.files]));
      return;
    }
    const entries = entriesOf(transfer);
    void this.bring((signal) => filesBelow(entries, signal));
  }

  /** Takes what was chosen in the browser's own picker. */
  choose(list: FileList | null): void {
    const files = filesOf(list);
    void this.bring(() => Promise.resolve(files));
  }

  importPaths(paths: readonly string[], choice: ImportChoice = {}): void {
    if (paths.length > 0)
      this.start({ kind: 'import', paths, ...choice }, () => this.importPaths(paths, { resample: true }));
  }

  /** What imports the files of `job` again with uneven slices resampled; null when they are not at hand any more. */
  resamplerOf({ jobId }: JobSnapshot): (() => void) | null {
    return this.resampled?.jobId === jobId ? this.resampled.run : null;
  }

  /** Makes a phantom patient and opens it. */
  phantom(): void {
    this.start({ kind: 'phantom-study' });
  }

  /** Fetches from a node of the network; what comes is imported and opened like anything dropped. */
  retrieve(nodeId: string, targets: readonly RetrieveTarget[]): void {
    this.start({ kind: 'retrieve', nodeId, targets });
  }

  cancelUpload(): void {
    this.controller.abort();
  }

  private async bring(
    collect: (signal: AbortSignal) => Promise<DroppedFile[]>,
    choice: ImportChoice = {},
  ): Promise<void> {
    if (this.upload) {
      notify({ tone: 'warning', text: t('shell.import.busy') });
      return;
    }
    this.controller = new AbortController();
    const { signal } = this.controller;
    this.upload = { files: 0, totalFiles: 0, bytes: 0, totalBytes: 0 };
    try {
      const files = await collect(signal);
      if (files.length === 0) {
        notify({ tone: 'warning', text: t('shell.import.empty') });
        return;
      }
      const upload = await uploadFiles(files, signal, (progress) => (this.upload = progress));
      const again = (): void => void this.bring(() => Promise.resolve(files), { resample: true });
      this.start({ kind: 'import', upload, ...choice }, again);
    } catch (error) {
      if (signal.aborted) notify({ tone: 'info', text: t('shell.import.givenUp') });
      else notifyError(error);
    } finally {
      this.upload = null;
    }
  }

  private start(start: JobStart, resampled?: () => void): void {
    void jobs.start(start).then(
      async ({ jobId }) => {
        if (resampled) this.resampled = { jobId, run: resampled };
        await this.ended(await jobs.finished(jobId));
      },
      (error: unknown) => notifyError(error),
    );
  }

  /** Opens the one study that came; says how many otherwise. Failures of the job itself are told by the shell. */
  private async ended(job: JobSnapshot): Promise<void> {
    const result = importResultOf(job);
    if (!result) return;
    await app.refresh('cases');
    const problems = result.outcomes.filter(({ outcome }) => outcome === 'failed').length;
    const [first, ...others] = result.cases;
    const report = { label: t('shell.action.report'), run: () => overlays.show('importReport', job) };
    if (!first) {
      overlays.show('importReport', job);
      return;
    }
    if (others.length === 0) app.openCase(first.caseId);
    else app.go('library');
    notify(
      problems > 0
        ? { tone: 'warning', text: t('shell.import.someFailed', { count: problems }), action: report }
        : { tone: 'ok', text: t('shell.import.done', { count: result.cases.length }), action: report },
    );
  }
}

export const imports = new Imports();
