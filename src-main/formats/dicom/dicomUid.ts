/**
 * Makes DICOM unique identifiers from UUIDs: "2.25." and the UUID's 128 bits as a decimal number (DICOM PS3.5 section B.2), or an
 * institution's own root and as many digits of them as fit.
 */
import type { Random } from '../../shared/random.ts';
import { digitsBehind } from './uidRoot.ts';

/** A new UID; with `random`, one that the same state gives again (for test data that must not change). */
export function createDicomUid(random?: Random): string {
  return `2.25.${uuidNumber(random).toString()}`;
}

/** Makes UIDs under `root` (see `uidRootSchema`), under 2.25 where it is empty. */
export function dicomUidsUnder(root: string): () => string {
  if (root === '') return () => createDicomUid();
  const limit = 10n ** BigInt(digitsBehind(root));
  return () => `${root}.${(uuidNumber() % limit).toString()}`;
}

function uuidNumber(random?: Random): bigint {
  const hex = random ? randomHex(random) : crypto.randomUUID().replaceAll('-', '');
  return BigInt(`0x${hex}`);
}

/** 32 hexadecimal digits with the version (4) and variant bits of a random UUID (RFC 9562 section 5.4). */
function randomHex(random: Random): string {
  const word = (): number => random.integer(2 ** 32);
  const [a, b, c, d] = [word(), word(), word(), word()];
  const words = [a, ((b & 0xffff0fff) | 0x4000) >>> 0, ((c & 0x3fffffff) | 0x80000000) >>> 0, d];
  return words.map((value) => value.toString(16).padStart(8, '0')).join('');
}
