/** `log.jsonl`: a line per step and per epoch, for people, plots and programs. No names, no identifiers of patients. */
import { appendFile, readFile } from 'node:fs/promises';
import { systemCode, toWriteError } from '../files/toWriteError.ts';
import { writeAtomically } from '../files/writeAtomically.ts';

export interface StepLine {
  readonly type: 'step';
  /** Steps done after this one. */
  readonly step: number;
  readonly epoch: number;
  readonly learningRate: number;
  /** Mean |sCT − CT| in HU, unweighted. */
  readonly pixelHu: number;
  readonly adversarial: number;
  readonly discriminator: number;
  /** Losses that only some methods have, before their factors. */
  readonly perceptual?: number;
  readonly contextual?: number;
  readonly smoothness?: number;
  /** Mean |sCT − CT| in HU after the registration network's warp. */
  readonly registrationHu?: number;
  /** With reweighting: mean |sCT − CT| of the meta batch in HU, before the step. */
  readonly validationHu?: number;
  /** Share of pixels with u > 0, and the share of all pixels that would carry the weight if it were even (1/Σw²/pixels). */
  readonly positiveShare?: number;
  readonly effectiveShare?: number;
  readonly seconds: number;
  readonly etaSeconds: number;
  readonly memoryMiB: number;
}

export interface EpochLine {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly step: number;
  readonly time: string;
}

export interface NoteLine {
  readonly type: 'note';
  readonly step: number;
  readonly message: string;
}

export type LogLine = StepLine | EpochLine | NoteLine;

/** Appends lines. Throws DISK_FULL or WRITE_FAILED. */
export async function appendLog(path: string, lines: readonly LogLine[]): Promise<void> {
  try {
    await appendFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  } catch (error) {
    throw toWriteError(error, path);
  }
}

/**
 * Drops lines of steps after `step` and a half-written last line: what a killed run wrote after its last checkpoint is done again; at step 0
 * that is all of it.
 */
export async function rewindLog(path: string, step: number): Promise<void> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const kept = text.split('\n').filter((line) => {
    try {
      const parsed: unknown = JSON.parse(line);
      return (
        typeof parsed === 'object' &&
        parsed !== null &&
        'step' in parsed &&
        step > 0 &&
        Number(parsed.step) <= step
      );
    } catch {
      return false; // an empty or half-written line
    }
  });
  await writeAtomically(path, kept.map((line) => `${line}\n`).join(''));
}
