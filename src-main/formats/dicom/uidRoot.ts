/** The root under which an institution makes its own unique identifiers (DICOM PS3.5 section 9 and annex B). */
import { z } from 'zod';

const longestUid = 64;
/** Digits behind the root: 20 hold more than 64 random bits, so that two machines never make the same. */
const fewestDigits = 20;
const mostDigits = 38;
export const longestUidRoot = longestUid - 1 - fewestDigits;

/** An object identifier: numbers without leading zeros, separated by points; short enough to leave room behind it. */
export const uidRootSchema = z
  .string()
  .trim()
  .regex(/^[0-2](\.(0|[1-9]\d*))+$/, 'not a UID root such as 1.2.826.0.1.3680043.10.1234')
  .max(longestUidRoot, `longer than ${longestUidRoot} characters`);

/** How many digits fit behind `root` and a point. */
export function digitsBehind(root: string): number {
  return Math.min(mostDigits, longestUid - 1 - root.length);
}
