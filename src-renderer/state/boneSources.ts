/** What of the open study stands side by side: its CT, the sCT that is looked at, and a second sCT where one was chosen. */
import type { SctSummary } from '../../src-main/api/contract/cases.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import type { BoneSource } from './bone.svelte.ts';
import { study } from './study.svelte.ts';

export interface BoneSources {
  readonly sources: readonly BoneSource[];
  /** The body's outline. */
  readonly body: LoadedVolume | null;
}

/** Nothing until all that the study promises has come: bone without its outline would have to be made twice. */
export function boneSources(
  second: { readonly sctId: string; readonly volume: LoadedVolume } | null,
): BoneSources {
  const { detail, volumes, sctId } = study;
  const body = volumes.mask ?? null;
  const coming =
    !detail ||
    (detail.hasMask && !body) ||
    (detail.ct !== null && !volumes.ct) ||
    (sctId !== null && !volumes.sct);
  if (coming) return { sources: [], body: null };
  const name = (id: string): string =>
    detail.scts.find((sct: SctSummary) => sct.sctId === id)?.modelName ?? '';
  const sources: BoneSource[] = [];
  if (volumes.ct) sources.push({ id: 'ct', tone: 'ct', detail: '', volume: volumes.ct });
  if (volumes.sct && sctId !== null) {
    sources.push({ id: sctId, tone: 'sct', detail: name(sctId), volume: volumes.sct });
  }
  if (second)
    sources.push({ id: second.sctId, tone: 'sct', detail: name(second.sctId), volume: second.volume });
  return { sources, body };
}
