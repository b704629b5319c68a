import { appendAudit } from '../audit/auditLog.ts';
import type { AuditEntry } from '../audit/auditEntry.ts';
import type { PacsClient, PacsOptions } from './pacsClient.ts';

export interface Sending {
  /** Name of the node that `client` speaks to. */
  readonly node: string;
  readonly client: PacsClient;
  readonly files: readonly string[];
  /** Whose audit log is told of it. */
  readonly workspace: Parameters<typeof appendAudit>[0];
  readonly entry: Pick<AuditEntry, 'subject' | 'outputs'>;
}

/**
 * Sends files and notes it in the audit log; what fails when images have left already is noted, too, as not complete. Throws as
 * `PacsClient.send` and `appendAudit`.
 */
export async function sendAndNote(
  { node, client, files, workspace, entry }: Sending,
  { signal, onProgress }: PacsOptions,
): Promise<void> {
  const note = (isComplete: boolean): Promise<unknown> => {
    const details = { node, files: files.length, ...(isComplete ? {} : { complete: false }) };
    return appendAudit(workspace, { action: 'send', ...entry, details });
  };
  const sending = { hasBegun: false };
  try {
    await client.send(files, {
      ...(signal ? { signal } : {}),
      onProgress: (progress) => {
        sending.hasBegun = true;
        onProgress?.(progress);
      },
    });
  } catch (error) {
    if (sending.hasBegun) await note(false);
    throw error;
  }
  await note(true);
}
