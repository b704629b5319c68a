/** Asks the gate for the window, before anything is generated. The MR is measured in a process of its own; what was said is kept. */
import type { GateBody } from '../../api/contract/cases.ts';
import { gateReportSchema } from '../../workflows/gate/gateReport.ts';
import { gateBody } from '../findings/gateBody.ts';
import { startJob } from '../jobs/startJob.ts';
import { createMemo } from '../library/memo.ts';
import { openStoredVolume } from '../library/storedVolume.ts';
import type { ModelLibrary } from '../models/modelLibrary.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';

export interface GateDesk {
  /** Throws CASE_NOT_FOUND, FILE_NOT_FOUND (no MR), MODEL_NOT_FOUND, MODEL_INVALID, NO_BODY_FOUND. */
  check(caseId: string, modelId: string): Promise<GateBody>;
}

interface GateDeskOptions {
  readonly workspace: Workspace;
  readonly models: Pick<ModelLibrary, 'pathOf' | 'detail'>;
  /** The worker's program, where it is not beside the sources. */
  readonly workerUrl?: URL;
}

export function createGateDesk({ workspace, models, workerUrl }: GateDeskOptions): GateDesk {
  const known = createMemo<GateBody>(50);
  return {
    async check(caseId, modelId) {
      const { mr } = await workspace.readCase(caseId);
      const { version } = await openStoredVolume(workspace.volumePath(caseId, 'mr'));
      const { weightHash } = await models.detail(modelId);
      const modelPath = await models.pathOf(modelId);
      const series = mr?.source?.seriesInstanceUid ?? '';
      return known(`${caseId} ${series} ${version} ${weightHash}`, async () => {
        const params = { workspace: workspace.directory, caseId, modelPath };
        const outcome = await startJob({ kind: 'gate', params }, workerUrl ? { workerUrl } : {});
        if (outcome.status !== 'done') throw new Error('Nobody stops the gate.');
        return gateBody({ ...gateReportSchema.parse(outcome.result), override: null });
      });
    },
  };
}
