/** Short messages to the person: what happened and what to do. Errors stay until dismissed; the rest goes by itself. */
import { untrack } from 'svelte';
import { ClientError, isAbort } from '../lib/client.ts';
import { errorText } from '../lib/i18n.svelte.ts';

export type NoticeTone = 'info' | 'ok' | 'warning' | 'error';

export interface NoticeInput {
  readonly tone: NoticeTone;
  /** Already in the person's language. */
  readonly text: string;
  readonly action?: { readonly label: string; run(): void } | undefined;
  /** Until dismissed, as errors do. */
  readonly stays?: boolean;
}

export interface Notice extends NoticeInput {
  readonly id: number;
}

/** How long a notice is shown that does not ask to be dismissed, ms; twice as long when it offers something. */
const shownMs = 6000;

class Notices {
  list = $state.raw<readonly Notice[]>([]);
  private next = 1;
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  add(input: NoticeInput): number {
    const same = this.list.find(({ text, tone }) => text === input.text && tone === input.tone);
    if (same) this.dismiss(same.id);
    const id = this.next++;
    this.list = [...this.list, { ...input, id }];
    this.resume(id);
    return id;
  }

  dismiss(id: number): void {
    this.hold(id);
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Keeps a notice while it is pointed at or focused. */
  hold(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  resume(id: number): void {
    const notice = this.list.find((other) => other.id === id);
    if (!notice || notice.tone === 'error' || notice.stays) return;
    this.hold(id);
    this.timers.set(
      id,
      setTimeout(() => this.dismiss(id), notice.action ? 2 * shownMs : shownMs),
    );
  }
}

export const notices = new Notices();

/** Shows a message; returns its id. */
export function notify(input: NoticeInput): number {
  return untrack(() => notices.add(input));
}

/** Says in words why something failed; waiting that was given up says nothing. */
export function notifyError(error: unknown): void {
  if (isAbort(error)) return;
  const text =
    error instanceof ClientError ? errorText(error) : error instanceof Error ? error.message : String(error);
  notify({ tone: 'error', text });
}
