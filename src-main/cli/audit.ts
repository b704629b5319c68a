import { Argument, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { firstPrevious, type AuditChain } from '../services/audit/auditChain.ts';
import type { AuditLine } from '../services/audit/auditEntry.ts';
import { auditPath, readAudit } from '../services/audit/auditLog.ts';
import { AppError } from '../shared/appError.ts';
import type { CommandSpec } from './command.ts';
import { wholeNumber } from './options.ts';
import { textTable } from './textTable.ts';

const optionsSchema = z.object({
  head: z.string().exactOptional(),
  last: z.number().exactOptional(),
});

/** `ilium audit`: shows the workspace's audit log, or checks its chain. */
export const auditCommand: CommandSpec = {
  name: 'audit',
  description: 'show the audit log of the workspace, or verify its chain of hashes',
  configure: (command) =>
    command
      .addArgument(new Argument('<action>', 'what to do').choices(['verify', 'show']))
      .option('--head <sha256>', 'verify: a last line noted earlier must still be in the log', headOf)
      .option('--last <n>', 'show: only the last entries', wholeNumber(1)),
  async run({ workspaceDirectory: directory }, options, [action]) {
    const { head, last } = optionsSchema.parse(options);
    const path = auditPath({ directory });
    const chain = await readAudit({ directory });
    if (action === 'verify') {
      requireWhole(chain, path, head);
      const { entries, torn } = chain;
      return {
        data: { path, entries: entries.length, torn, head: chain.head },
        text: describeChain(chain, path),
      };
    }
    const shown = chain.entries.slice(last === undefined ? 0 : -last);
    return { data: { path, entries: shown }, text: describeEntries(shown, path) };
  },
};

function headOf(text: string): string {
  const head = text.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(head)) throw new InvalidArgumentError('Give 64 hexadecimal digits.');
  return head;
}

function requireWhole({ broken, hashes }: AuditChain, path: string, head?: string): void {
  if (broken) throw new AppError('AUDIT_BROKEN', { path, ...broken });
  if (head !== undefined && head !== firstPrevious && !hashes.includes(head)) {
    const reason = `the line ${head.slice(0, 12)}… that was noted is no longer there`;
    throw new AppError('AUDIT_BROKEN', { path, line: hashes.length + 1, reason });
  }
}

function describeChain({ entries, torn, head }: AuditChain, path: string): string {
  return [
    `${path}: ${entries.length} entries, the chain is whole.`,
    ...torn.map((line) => `Line ${line} was torn by a crash; it says nothing, and the chain goes over it.`),
    `Last line: ${head} (note it elsewhere; --head finds what was cut off since)`,
  ].join('\n');
}

function describeEntries(entries: readonly AuditLine[], path: string): string {
  if (entries.length === 0) return `${path} holds no entries.`;
  return textTable(
    entries.map(({ sequence, time, user, action, subject, model, details }) => [
      String(sequence),
      time.slice(0, 19).replace('T', ' '),
      user,
      action,
      subject,
      model ? `${model.name} ${model.weightHash.slice(0, 8)}` : '',
      Object.entries(details ?? {})
        .map(([name, value]) => `${name}: ${value}`)
        .join(', '),
    ]),
    [0],
  );
}
