/**
 * Makes DICOM unique identifiers from UUIDs: "2.25." and the UUID's 128 bits as a decimal number (DICOM PS3.5 section B.2).
 */
import type { Random } from '../../shared/random.ts';

/** A new UID; with `random`, one that the same state gives again (for test data that must not change). */
export function createDicomUid(random?: Random): string {
  return random ? uidOf(randomHex(random)) : uidOf(crypto.randomUUID().replaceAll('-', ''));
}

const uidOf = (hex: string): string => `2.25.${BigInt(`0x${hex}`).toString()}`;

/** 32 hexadecimal digits with the version (4) and variant bits of a random UUID (RFC 9562 section 5.4). */
function randomHex(random: Random): string {
  const word = (): number => random.integer(2 ** 32);
  const [a, b, c, d] = [word(), word(), word(), word()];
  const words = [a, ((b & 0xffff0fff) | 0x4000) >>> 0, ((c & 0x3fffffff) | 0x80000000) >>> 0, d];
  return words.map((value) => value.toString(16).padStart(8, '0')).join('');
}
