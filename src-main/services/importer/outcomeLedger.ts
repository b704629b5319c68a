/** Keeps the books of an import: every file gets one outcome, the first that is given. */
import type { Finding } from '../../shared/finding.ts';
import { errorFinding } from './errorFinding.ts';
import type { FileOutcome, Outcome } from './importReport.ts';

export interface OutcomeLedger {
  settle(paths: readonly string[], outcome: Outcome, reason?: Finding): void;
  /** `loaded`, except those about which loading itself decided. */
  settleLoaded(paths: readonly string[], decided?: readonly FileOutcome[]): void;
  /** `skipped` or `failed`, as the error says. */
  settleError(paths: readonly string[], error: unknown): void;
  /** Every file in order; files without an outcome are given `unsettled`. */
  close(unsettled: (path: string) => Finding): FileOutcome[];
}

/** A ledger for `files`, in their order. Settling any other path is a programming fault (RangeError). */
export function createOutcomeLedger(files: readonly string[]): OutcomeLedger {
  const outcomes = new Map<string, FileOutcome | undefined>(files.map((path) => [path, undefined]));
  const settle: OutcomeLedger['settle'] = (paths, outcome, reason) => {
    for (const path of paths) {
      if (!outcomes.has(path)) throw new RangeError(`${path} is no file of this import.`);
      const entry: FileOutcome = {
        path,
        outcome,
        ...(reason === undefined ? {} : { reason: { ...reason, subject: path } }),
      };
      outcomes.set(path, outcomes.get(path) ?? entry);
    }
  };
  return {
    settle,
    settleLoaded(paths, decided = []) {
      for (const { path, outcome, reason } of decided) settle([path], outcome, reason);
      settle(paths, 'loaded');
    },
    settleError(paths, error) {
      for (const path of paths) {
        const finding = errorFinding(error, path);
        settle([path], finding.severity === 'error' ? 'failed' : 'skipped', finding);
      }
    },
    close: (unsettled) =>
      [...outcomes].map(([path, entry]) => entry ?? { path, outcome: 'skipped', reason: unsettled(path) }),
  };
}
