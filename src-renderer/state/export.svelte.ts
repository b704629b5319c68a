/** Handing an sCT on: the plan with every identifier before, the job, the receipt after everything was read back. */
import type { ExportPlan, ExportResult } from '../../src-main/api/contract/exports.ts';
import { client } from '../lib/client.ts';
import { hostBridge } from '../lib/hostBridge.ts';
import { errorText, t } from '../lib/i18n.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { study } from './study.svelte.ts';
import { ClientError } from '../lib/client.ts';

export type ExportFormat = 'dicom' | 'nifti';
export type ExportGrid = ExportResult['receipt']['grid'];
export type ExportStage = 'planning' | 'planned' | 'running' | 'done' | 'failed';

class Exporting {
  open = $state(false);
  format = $state<ExportFormat>('dicom');
  stage = $state<ExportStage>('planning');
  plan = $state.raw<ExportPlan | null>(null);
  result = $state.raw<ExportResult | null>(null);
  /** Why it failed, for people. */
  problem = $state.raw<string | null>(null);
  seriesDescription = $state('');
  /** The MR's own grid, or axial slices; DICOM only. */
  grid = $state<ExportGrid>('mr');
  /** Whether the case's structure sets leave with the series; DICOM only. */
  structures = $state(true);
  /** Chosen by the person; null: a new folder in the workspace. */
  directory = $state.raw<string | null>(null);
  jobId = $state.raw<string | null>(null);
  #of: { readonly caseId: string; readonly sctId: string } | null = null;

  /** Opens the dialog for the sCT that is looked at. */
  async begin(format: ExportFormat): Promise<void> {
    const { caseId, sctId } = study;
    if (caseId === null || sctId === null) return;
    this.#of = { caseId, sctId };
    this.open = true;
    this.format = format;
    this.plan = null;
    this.result = null;
    this.problem = null;
    this.directory = null;
    this.jobId = null;
    this.seriesDescription = '';
    this.grid = 'mr';
    this.structures = true;
    if (format === 'dicom') await this.makePlan();
    else this.stage = 'planned';
  }

  /** Asks for a plan with the series description as typed; identifiers are made anew. */
  async makePlan(): Promise<void> {
    const of = this.#of;
    if (!of) return;
    this.stage = 'planning';
    try {
      const seriesDescription = this.seriesDescription.trim();
      const path = `/api/cases/${encodeURIComponent(of.caseId)}/scts/${encodeURIComponent(of.sctId)}/export-plan`;
      const plan = await client.post<ExportPlan>(path, {
        grid: this.grid,
        ...(seriesDescription === '' ? {} : { seriesDescription }),
      });
      if (this.#of !== of) return;
      this.plan = plan;
      this.seriesDescription =
        plan.identifiers.find(({ keyword }) => keyword === 'SeriesDescription')?.value ?? '';
      this.stage = 'planned';
    } catch (error) {
      this.#fail(error);
    }
  }

  async chooseGrid(grid: ExportGrid): Promise<void> {
    this.grid = grid;
    await this.makePlan();
  }

  /** Where native dialogs exist: another folder than the workspace's. */
  async chooseDirectory(): Promise<void> {
    const [directory] = (await hostBridge()?.openDialog('folder')) ?? [];
    if (directory !== undefined) this.directory = directory;
  }

  async run(): Promise<void> {
    const of = this.#of;
    if (!of || this.stage !== 'planned') return;
    this.stage = 'running';
    try {
      const started = await jobs.start({
        kind: 'export',
        ...of,
        format: this.format,
        ...(this.plan ? { planId: this.plan.planId } : {}),
        ...(this.format === 'dicom' && study.detail?.structureSets ? { structures: this.structures } : {}),
        ...(this.directory === null ? {} : { directory: this.directory }),
      });
      this.jobId = started.jobId;
      const job = await jobs.finished(started.jobId);
      if (this.#of !== of) return;
      if (job.status === 'done') {
        this.result = job.result as ExportResult;
        this.stage = 'done';
      } else {
        this.problem = job.error ? errorText(job.error) : t('synthesize.export.cancelled');
        this.stage = 'failed';
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  close(): void {
    this.open = false;
    this.#of = null;
  }

  #fail(error: unknown): void {
    this.problem = error instanceof ClientError ? errorText(error) : String(error);
    this.stage = 'failed';
  }
}

export const exporting = new Exporting();
