import type { CaseDetail, ImageSummary } from '../../src-main/api/contract/cases.ts';

const placeOf = (image: ImageSummary | null): unknown => image && [image.name, image.size, image.indexToLps];

/** Differs when the case's MR is another one: what was found out about it then no longer holds. */
export function mrKey({ caseId, importedAt, mr }: CaseDetail): string {
  return JSON.stringify([caseId, importedAt, placeOf(mr)]);
}

/** Differs when its MR or CT is another one, or the CT lies elsewhere. */
export function pairKey(detail: CaseDetail): string {
  return JSON.stringify([mrKey(detail), placeOf(detail.ct), detail.registration?.registrationId]);
}
