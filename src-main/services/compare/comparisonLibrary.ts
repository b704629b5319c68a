/** The comparisons of a workspace as the window sees them: which there are, their pages, files to keep, deletion with its undo. */
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ComparisonFile, ComparisonsView, ComparisonSummary } from '../../api/contract/comparison.ts';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import { readBytes } from '../../workflows/files/readBytes.ts';
import { readRecord } from '../../workflows/files/record.ts';
import { toWriteError } from '../../workflows/files/toWriteError.ts';
import type { Workspace } from '../workspace/openWorkspace.ts';
import {
  comparisonFolders,
  comparisonRecordName,
  requireComparison,
  type ComparisonFolder,
} from './comparisonFolder.ts';
import { findChromium } from './findChromium.ts';
import { printPdf } from './printPdf.ts';

/** Every method but `list` throws COMPARISON_NOT_FOUND. */
export interface ComparisonLibrary {
  /** The newest first; what has no readable record is left out. */
  list(): Promise<ComparisonsView>;
  /** The page as it was written, in one theme or as the reader's system is. */
  page(comparisonId: string, theme?: 'light' | 'dark'): Promise<string>;
  /** The bytes of a file; the PDF is printed where there is none of this page. Throws COMPARISON_NOT_PRINTED. */
  file(comparisonId: string, name: ComparisonFile, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Into the workspace's `trash/`. Throws BAD_REQUEST for an experiment's own, and write errors. */
  discard(comparisonId: string): Promise<void>;
  /** Out of the trash again. Throws OUTPUT_EXISTS, and write errors. */
  restore(comparisonId: string): Promise<void>;
}

const recordSchema = z.object({
  schemaVersion: z.literal(1),
  title: z.string(),
  createdAt: z.iso.datetime(),
  methods: z.array(z.object({ label: z.string(), runs: z.array(z.string()) })),
  cases: z.array(z.string()),
});

export function createComparisonLibrary(workspace: Workspace): ComparisonLibrary {
  const trash = join(workspace.directory, 'trash');
  return {
    async list() {
      const all = await Promise.all((await comparisonFolders(workspace)).map(summaryOf));
      const comparisons = all.filter((one) => one !== null);
      return {
        comparisons: comparisons.sort((a, b) => b.createdAt.localeCompare(a.createdAt)),
        canPrint: (await findChromium()) !== undefined,
      };
    },
    async page(comparisonId, theme) {
      const { folder } = await requireComparison(workspace, comparisonId);
      const html = await readFile(join(folder, 'comparison.html'), 'utf8');
      return theme ? html.replace('<html ', `<html data-theme="${theme}" `) : html;
    },
    async file(comparisonId, name, signal) {
      const { folder } = await requireComparison(workspace, comparisonId);
      const path = join(folder, name);
      const page = join(folder, 'comparison.html');
      if (name === 'comparison.pdf' && !(await isAsNew(path, page))) {
        const problem = await printPdf(page, path, signal);
        if (problem !== null) throw new AppError('COMPARISON_NOT_PRINTED', { reason: problem });
      }
      return new Uint8Array(await readBytes(path));
    },
    async discard(comparisonId) {
      const { folder, origin } = await requireComparison(workspace, comparisonId);
      if (origin === 'experiment')
        throw new AppError('BAD_REQUEST', { reason: 'this comparison belongs to an experiment' });
      const target = join(trash, comparisonId);
      try {
        await mkdir(trash, { recursive: true });
        await rm(target, { recursive: true, force: true });
        await rename(folder, target);
      } catch (error) {
        throw toWriteError(error, target);
      }
    },
    async restore(comparisonId) {
      const source = join(trash, comparisonId);
      const target = join(workspace.exportsDirectory, comparisonId);
      const isKept = /^[\w.-]+$/.test(comparisonId) && (await fileExists(join(source, comparisonRecordName)));
      if (!isKept) throw new AppError('COMPARISON_NOT_FOUND', { comparison: comparisonId });
      if (await fileExists(target)) throw new AppError('OUTPUT_EXISTS', { path: target });
      try {
        await rename(source, target);
      } catch (error) {
        throw toWriteError(error, target);
      }
    },
  };
}

/** An experiment writes its page again and again. */
async function isAsNew(path: string, source: string): Promise<boolean> {
  return (await fileExists(path)) && (await stat(path)).mtimeMs >= (await stat(source)).mtimeMs;
}

async function summaryOf({
  comparisonId,
  origin,
  folder,
}: ComparisonFolder): Promise<ComparisonSummary | null> {
  try {
    const path = join(folder, comparisonRecordName);
    const { title, createdAt, methods, cases } = await readRecord(path, recordSchema);
    return { comparisonId, origin, title, createdAt, methods, cases };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
