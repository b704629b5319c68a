import { AppError } from '../shared/appError.ts';
import { describeZodError } from '../workflows/files/describeZodError.ts';
import { pacsNodeSchema, type PacsNode } from '../services/pacs/pacsNode.ts';

export interface SpelledNode {
  readonly node: PacsNode;
  readonly secret: string;
}

/**
 * A node spelled out instead of set up: `AETITLE@host:port`, or the URL of a DICOMweb service, perhaps with `user@`; `secret` is then the
 * user's password, or without a user a bearer token. Undefined for anything else. Throws BAD_USAGE for one that cannot be.
 */
export function parseNode(text: string, secret: string): SpelledNode | undefined {
  const [, aeTitle, host, port] = /^([^@/]+)@(\[[^\]]+\]|[^:/]+):(\d+)$/.exec(text) ?? [];
  if (aeTitle !== undefined && host !== undefined) {
    const plainHost = host.replace(/^\[|\]$/g, '');
    return parsed({ kind: 'dimse', name: aeTitle, host: plainHost, port: Number(port), aeTitle }, '');
  }
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const user = decodeURIComponent(url.username);
  if (url.password !== '') {
    throw new AppError('BAD_USAGE', {
      problem: 'A password does not belong into a URL: use ILIUM_PACS_SECRET.',
    });
  }
  url.username = '';
  const auth = user !== '' ? 'basic' : secret === '' ? 'none' : 'bearer';
  return parsed({ kind: 'dicomweb', name: url.host, url: url.href, auth, user }, secret);
}

function parsed(node: unknown, secret: string): SpelledNode {
  const result = pacsNodeSchema.safeParse(node);
  if (result.success) return { node: result.data, secret };
  throw new AppError('BAD_USAGE', { problem: `The node cannot be used: ${describeZodError(result.error)}.` });
}
