/**
 * Who may use a served window: whoever opened a link that the terminal printed. A link works once and becomes a cookie of the browser,
 * which scripts cannot read and other sites cannot send.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';

export interface OneTimeLinks {
  /** A new key for a link. */
  issue(): string;
  /** A new session for an unused key; undefined for a used or wrong one. */
  redeem(key: string): string | undefined;
  isSession(session: string): boolean;
}

/** Keys and sessions live as long as the process. */
export function createOneTimeLinks(): OneTimeLinks {
  const keys = new Set<string>();
  const sessions = new Set<string>();
  const secret = (): string => randomBytes(32).toString('base64url');
  return {
    issue() {
      const key = secret();
      keys.add(key);
      return key;
    },
    redeem(key) {
      const known = find(keys, key);
      if (known === undefined) return undefined;
      keys.delete(known);
      const session = secret();
      sessions.add(session);
      return session;
    },
    isSession: (session) => find(sessions, session) !== undefined,
  };
}

/** Compares in constant time, so that answers do not tell how much of a guess was right. */
function find(secrets: ReadonlySet<string>, given: string): string | undefined {
  const bytes = Buffer.from(given);
  return [...secrets].find((secret) => {
    const expected = Buffer.from(secret);
    return expected.length === bytes.length && timingSafeEqual(expected, bytes);
  });
}
