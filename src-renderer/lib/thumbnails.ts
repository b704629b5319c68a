/** Where the small pictures of a case are. */
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';

export function thumbnailUrl(caseId: string, volume: string): string {
  return `/api/cases/${encodeURIComponent(caseId)}/volumes/${encodeURIComponent(volume)}/thumbnail`;
}

/** The newest synthetic CT of a case. */
export function newestSct({ scts }: CaseSummary): CaseSummary['scts'][number] | undefined {
  return scts.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

export interface CaseImage {
  readonly modality: 'mr' | 'ct' | 'sct';
  readonly url: string;
}

/** The pictures a case has, in the order MR, CT, sCT. */
export function caseImages(study: CaseSummary): CaseImage[] {
  const sct = newestSct(study);
  const images: (CaseImage | null)[] = [
    study.mr && { modality: 'mr', url: thumbnailUrl(study.caseId, 'mr') },
    study.ct && { modality: 'ct', url: thumbnailUrl(study.caseId, 'ct') },
    sct ? { modality: 'sct', url: thumbnailUrl(study.caseId, sct.sctId) } : null,
  ];
  return images.filter((image) => image !== null);
}
