/** What nodes have, in words for a terminal. */
import { z } from 'zod';
import type { PacsSeries, PacsStudy } from '../api/contract/network.ts';
import { textTable } from './textTable.ts';

const count = (value: number | null): string => (value === null ? '' : `${value} images`);

/** `truncated`: the node has more. */
export function describeStudies(studies: readonly PacsStudy[], truncated: boolean): string {
  if (studies.length === 0) return 'No study matches.';
  const table = textTable(
    studies.map((study) => [
      study.studyDate,
      study.patientId,
      study.patientName,
      study.modalities.join('+'),
      study.description,
      count(study.instances),
      study.studyInstanceUid,
    ]),
  );
  return truncated
    ? `${table}\nThese are the first ${studies.length}; there are more: narrow the search.`
    : table;
}

export function describeSeries(series: readonly PacsSeries[]): string {
  if (series.length === 0) return 'The study has no series there.';
  return textTable(
    series.map((one) => [
      one.modality,
      one.number,
      one.description,
      count(one.instances),
      one.seriesInstanceUid,
    ]),
  );
}

const importedSchema = z.object({
  outcomes: z.array(z.object({ outcome: z.string() })),
  cases: z.array(z.object({ caseId: z.string(), volumes: z.array(z.string()) })),
});

/** An ImportResult of a retrieve job. */
export function describeRetrieve(data: Readonly<Record<string, unknown>>): string {
  const { outcomes, cases } = importedSchema.parse(data);
  const loaded = outcomes.filter(({ outcome }) => outcome === 'loaded').length;
  return [
    textTable(cases.map(({ caseId, volumes }) => [caseId, volumes.join(' + ').toUpperCase()])),
    `${outcomes.length} files fetched, ${loaded} loaded, ${cases.length} cases.`,
  ].join('\n');
}
