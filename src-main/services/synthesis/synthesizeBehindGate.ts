/** Synthesis behind the domain gate: nothing is made of an MR that the gate stops, unless a person gave a reason, which is logged. */
import type { SourceSeries } from '../../formats/dicom/sourceSeries.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Volume } from '../../shared/volume.ts';
import type { ImageModel } from '../../tensor/executors/onnx/onnxModel.ts';
import { gateFindings, passGate, type GateOutcome } from '../../workflows/gate/gateReport.ts';
import { judgeMr } from '../../workflows/gate/judgeMr.ts';
import { mrFacts } from '../../workflows/gate/mrFacts.ts';
import type { ModelCard } from '../../workflows/model/modelCard.ts';
import {
  synthesizeVolume,
  type Synthesis,
  type SynthesizeOptions,
} from '../../workflows/synthesize/synthesizeVolume.ts';
import { appendAudit } from '../audit/auditLog.ts';

export interface GatedOptions extends Omit<SynthesizeOptions, 'onPrepared' | 'subject'> {
  /** Of the MR; DICOM only. */
  readonly source?: SourceSeries;
  /** Why to go on where the gate stops. */
  readonly override?: string;
  /** The MR in findings. */
  readonly name: string;
  /** Where an override is logged, of which case ('' for none), made from which files or voxels (SHA-256). */
  readonly audit: {
    readonly workspace: { readonly directory: string };
    readonly subject: string;
    readonly inputs: Readonly<Record<string, string>>;
  };
}

export interface GatedSynthesis extends Synthesis {
  readonly gate: GateOutcome;
  /** What speaks against trusting the result. */
  readonly findings: readonly Finding[];
}

/** Throws GATE_STOPPED and what `synthesizeVolume` throws. */
export async function synthesizeBehindGate(
  mr: Volume,
  model: ImageModel,
  card: ModelCard,
  { source, override, name, audit, ...options }: GatedOptions,
): Promise<GatedSynthesis> {
  let gate: GateOutcome | undefined;
  const synthesis = await synthesizeVolume(mr, model, card, {
    ...options,
    subject: name,
    async onPrepared(images) {
      gate = passGate(judgeMr(mrFacts(mr, images, source), card), override);
      if (gate.override === null) return;
      const stops = gate.checks.filter(({ verdict }) => verdict === 'stop').map(({ key }) => key);
      const { weightHash, version } = card;
      await appendAudit(audit.workspace, {
        action: 'override',
        subject: audit.subject,
        model: { name: card.name, version, weightHash },
        inputs: { ...audit.inputs },
        details: { reason: gate.override, stops: stops.join(', ') },
      });
    },
  });
  if (gate === undefined) throw new Error('A synthesis ended without asking the gate.');
  return { ...synthesis, gate, findings: gateFindings(gate, name) };
}
