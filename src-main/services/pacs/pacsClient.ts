/** What can be asked of a node, the same for DIMSE and DICOMweb. */
import type { PacsQuery, PacsSeries, PacsStudies } from '../../api/contract/network.ts';
import type { OnProgress } from '../../shared/progress.ts';

export interface PacsOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** What to fetch: a study, or one series of it. */
export interface PacsTarget {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid?: string;
}

/**
 * Every call throws PACS_UNREACHABLE, PACS_REFUSED, PACS_TIMEOUT or PACS_FAILED, which name the node, and an AbortError when its signal is
 * aborted.
 */
export interface PacsClient {
  /** Whether the node answers (C-ECHO, or a search for one study). */
  echo(options?: PacsOptions): Promise<void>;
  /** At most `query.limit` studies, and whether there are more. */
  findStudies(query: PacsQuery, options?: PacsOptions): Promise<PacsStudies>;
  findSeries(studyInstanceUid: string, options?: PacsOptions): Promise<PacsSeries[]>;
  /** Writes what it is sent to `folder`, one Part 10 file per instance; resolves with their number. */
  retrieve(target: PacsTarget, folder: string, options?: PacsOptions): Promise<number>;
  /** Resolves once every file was acknowledged. */
  send(files: readonly string[], options?: PacsOptions): Promise<void>;
}
