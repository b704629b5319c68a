/**
 * Progress for people on standard error. On a terminal: one line, rewritten, with a bar and the time left (estimated from the
 * pace since the step began). Elsewhere: a plain line when a step begins or ends and every ten seconds between, but none in the first two
 * seconds, so that a command that refuses its input says just that.
 */
import type { OnProgress } from '../shared/progress.ts';

export interface ProgressDisplay {
  readonly onProgress: OnProgress;
  /** Prints a line of text above the bar. */
  readonly note: (text: string) => void;
  /** Removes the bar. */
  readonly end: () => void;
}

export interface ProgressTarget {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const barWidth = 24;
const rewriteIntervalMs = 100;
const plainIntervalMs = 10_000;
const plainQuietMs = 2000;

/** Shows progress on `target`; `now` is a clock in milliseconds. */
export function createProgressDisplay(target: ProgressTarget, now: () => number = Date.now): ProgressDisplay {
  const terminal = target.isTTY === true;
  const createdAt = now();
  let step: string | undefined;
  let startedAt = 0;
  let shownAt = -Infinity;
  let bar = '';

  const clear = (): void => {
    if (bar) target.write('\r\x1b[K');
  };
  return {
    onProgress({ step: next, done, total }) {
      const at = now();
      const isNew = next !== step;
      if (isNew) {
        step = next;
        startedAt = at;
      }
      if (!terminal && at - createdAt < plainQuietMs) return;
      const finished = done >= total;
      if (!isNew && !finished && at - shownAt < (terminal ? rewriteIntervalMs : plainIntervalMs)) return;
      shownAt = at;
      const left = timeLeft(done, total, at - startedAt);
      // A step that cannot be counted is only named.
      const count = total > 0 ? `${done}/${total}${left}` : '';
      if (terminal) {
        clear();
        const filled = total > 0 ? Math.round((barWidth * Math.min(done, total)) / total) : 0;
        const line = count
          ? `${next} [${'█'.repeat(filled)}${'·'.repeat(barWidth - filled)}] ${count}`
          : next;
        bar = line.slice(0, Math.max(20, (target.columns ?? 80) - 1));
        target.write(bar);
      } else {
        target.write(count ? `${next}: ${count}\n` : `${next}\n`);
      }
    },
    note(text) {
      clear();
      target.write(`${text}\n${bar}`);
    },
    end() {
      clear();
      bar = '';
      step = undefined;
    },
  };
}

function timeLeft(done: number, total: number, elapsedMs: number): string {
  if (done <= 0 || done >= total || elapsedMs < 1000) return '';
  const seconds = Math.round((elapsedMs / done) * (total - done)) / 1000;
  return `, ${formatDuration(seconds)} left`;
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
