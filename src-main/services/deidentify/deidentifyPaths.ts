/**
 * De-identifies the MR, CT and structure sets among some files into a new folder, one outcome per file. What is not surely one of these
 * is left out, since free text or writing in pixels could name the patient; nothing is copied as it is.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openToDeidentify, type OpenedFile } from '../../formats/dicom/deidentify.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import type { StopSignal } from '../../shared/jobEvent.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { stageFolder } from '../../workflows/files/stageFolder.ts';
import type { FileOutcome } from '../importer/importReport.ts';
import { openImportFiles } from '../importer/openImportFiles.ts';
import { createOutcomeLedger, type OutcomeLedger } from '../importer/outcomeLedger.ts';
import { errorFinding } from '../importer/errorFinding.ts';
import { openCodeList, type CodeList } from './codeList.ts';

export interface DeidentifyOptions {
  /** Dates are shifted; else they are removed. */
  readonly keepDates: boolean;
  /** Where the key and the list of codes are, or are to be. */
  readonly codeListPath: string;
  readonly onProgress?: OnProgress;
  readonly signal?: StopSignal;
}

export interface DeidentifyReport {
  readonly outcomes: readonly FileOutcome[];
  /** Codes of the patients written, in the order they came. */
  readonly codes: readonly string[];
  readonly files: number;
  /** Texts that were emptied because they held a patient's name or id. */
  readonly textsEmptied: number;
  /** Regions of structure sets that have a number in place of a name that might tell somebody. */
  readonly regionsRenamed: number;
}

/** SOP classes whose attributes the profile's table covers here, with what their files are called. */
const coveredClasses: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10008.5.1.4.1.1.4', 'MR'],
  ['1.2.840.10008.5.1.4.1.1.4.1', 'MR'],
  ['1.2.840.10008.5.1.4.1.1.2', 'CT'],
  ['1.2.840.10008.5.1.4.1.1.2.1', 'CT'],
  ['1.2.840.10008.5.1.4.1.1.481.3', 'RS'],
]);

/** Throws OUTPUT_EXISTS, NOTHING_DEIDENTIFIED where no file could be taken, RECORD_INVALID for a damaged code list, DISK_FULL, WRITE_FAILED. */
export async function deidentifyPaths(
  paths: readonly string[],
  out: string,
  options: DeidentifyOptions,
): Promise<DeidentifyReport> {
  const found = await openImportFiles(paths);
  const ledger = createOutcomeLedger(found.files);
  const codeList = await openCodeList(options.codeListPath);
  const codes = new Set<string>();
  const written = new Set<string>();
  const tally = { textsEmptied: 0, regionsRenamed: 0 };
  await stageFolder(out, async (folder) => {
    for (const [at, path] of found.files.entries()) {
      options.signal?.throwIfAborted();
      await deidentifyFile(path, () => found.read(path), {
        folder,
        codeList,
        codes,
        written,
        tally,
        ledger,
        options,
      });
      options.onProgress?.({ step: 'de-identify', done: at + 1, total: found.files.length });
    }
    if (written.size === 0) throw nothingWritten(ledger.close(notReached));
    // Before the folder is there: without the list nobody could map later files alike.
    await codeList.save();
  });
  const missing = found.problems.map(({ path, error }): FileOutcome => ({
    path,
    outcome: 'failed',
    reason: errorFinding(error, path),
  }));
  const outcomes = [...ledger.close(notReached), ...missing];
  return { outcomes, codes: [...codes], files: written.size, ...tally };
}

interface Bench {
  readonly folder: string;
  readonly codeList: CodeList;
  readonly codes: Set<string>;
  /** Paths written, within the folder. */
  readonly written: Set<string>;
  readonly tally: { textsEmptied: number; regionsRenamed: number };
  readonly ledger: OutcomeLedger;
  readonly options: DeidentifyOptions;
}

async function deidentifyFile(path: string, read: () => Promise<Uint8Array>, bench: Bench): Promise<void> {
  const { folder, codeList, codes, written, tally, ledger, options } = bench;
  const leave = (outcome: 'skipped' | 'merged', code: string, reason = ''): void => {
    const severity = outcome === 'merged' ? 'info' : 'warning';
    ledger.settle([path], outcome, { code, severity, subject: path, details: { reason } });
  };
  let opened: OpenedFile;
  try {
    opened = openToDeidentify(await read(), path);
  } catch (error) {
    ledger.settleError([path], error);
    return;
  }
  const { subject, sopClassUid, burnedIn } = opened;
  if (burnedIn !== null) {
    leave('skipped', 'deidentify-burned-in', burnedIn);
    return;
  }
  const kind = coveredClasses.get(sopClassUid);
  if (kind === undefined) {
    leave('skipped', 'deidentify-not-covered');
    return;
  }
  const replacement = codeList.replacementFor(subject, options.keepDates);
  if (!replacement) {
    leave('skipped', 'deidentify-other-name');
    return;
  }
  try {
    const { bytes, seriesInstanceUid, sopInstanceUid, ...changed } = opened.deidentify(replacement);
    // Names of the new identifiers alone: those of files and folders often name the patient.
    const name = join(
      replacement.code,
      seriesInstanceUid.slice(-12),
      `${kind}_${sopInstanceUid.slice(-20)}.dcm`,
    );
    if (written.has(name)) {
      leave('merged', 'deidentify-duplicate');
      return;
    }
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes, { flag: 'wx' });
    written.add(name);
    tally.textsEmptied += changed.textsEmptied;
    tally.regionsRenamed += changed.regionsRenamed;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ledger.settleError([path], error);
    return;
  }
  codes.add(replacement.code);
  ledger.settle([path], 'loaded');
}

const notReached = (path: string): Finding => ({
  code: 'import-cancelled',
  severity: 'info',
  subject: path,
  details: {},
});

function nothingWritten(outcomes: readonly FileOutcome[]): AppError {
  return new AppError('NOTHING_DEIDENTIFIED', { count: outcomes.length });
}
