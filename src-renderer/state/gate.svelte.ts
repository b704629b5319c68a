/** Whether the open MR fits the chosen model, asked before anything is generated; and why someone goes on where it does not. */
import type { CaseDetail, GateBody } from '../../src-main/api/contract/cases.ts';
import { client, ClientError } from '../lib/client.ts';
import { errorText } from '../lib/i18n.svelte.ts';
import { mrKey } from './imagesKey.ts';

/** As the server has it: shorter ones give no reason. */
export const shortestReason = 10;

class Gate {
  body = $state.raw<GateBody | null>(null);
  checking = $state(false);
  /** Why it could not be asked, for people. */
  problem = $state.raw<string | null>(null);
  /** Whether a person is being asked for the reason to go on. */
  asking = $state(false);
  #asked: string | null = null;

  readonly stops: boolean = $derived(this.body?.verdict === 'stop');

  /** Asks about the images of a case, as they are now, and a model; null for neither. The same is not asked twice in a row. */
  async check(detail: CaseDetail | null, modelId: string | null): Promise<void> {
    const caseId = detail?.caseId ?? null;
    const question = detail && modelId !== null ? `${modelId} ${mrKey(detail)}` : null;
    if (question === this.#asked) return;
    this.#asked = question;
    this.body = null;
    this.problem = null;
    this.asking = false;
    this.checking = question !== null;
    if (caseId === null || question === null) return;
    try {
      const body = await client.post<GateBody>(`/api/cases/${encodeURIComponent(caseId)}/gate`, { modelId });
      if (this.#asked === question) this.body = body;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (this.#asked === question) this.problem = errorText(error);
    } finally {
      if (this.#asked === question) this.checking = false;
    }
  }
}

export const gate = new Gate();
