import { isDeepStrictEqual } from 'node:util';
import { appendAudit, readAudit } from './auditLog.ts';

/**
 * Adds a line unless the log has one of the same action, subject, outputs and details: for what was done before a process was killed, which
 * may have come to note it or not. Reads the whole log. Throws as `appendAudit`.
 */
export const appendAuditOnce: typeof appendAudit = async (workspace, entry) => {
  const { entries } = await readAudit(workspace);
  const noted = entries.find(
    (line) =>
      line.action === entry.action &&
      line.subject === entry.subject &&
      isDeepStrictEqual(line.outputs, entry.outputs) &&
      isDeepStrictEqual(line.details, entry.details),
  );
  return noted ?? appendAudit(workspace, entry);
};
