/** Names of directions in a patient: L R A P S I, two or three letters when a direction leans by more than 10° (DICOM PS3.3 C.7.6.1.1.1). */
import type { Vector3 } from './geometry.ts';

const LETTERS = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
] as const;
const LEAN = Math.sin((10 * Math.PI) / 180);

/** Letters of a unit direction in LPS, the strongest first: `A`, or `AL` when it leans more than 10° to the left. */
export function orientationLetters(direction: Vector3): string {
  return direction
    .map((value, axis) => ({
      strength: Math.abs(value),
      letter: LETTERS[axis as 0 | 1 | 2][value > 0 ? 0 : 1],
    }))
    .filter(({ strength }) => strength > LEAN)
    .sort((a, b) => b.strength - a.strength)
    .map(({ letter }) => letter)
    .join('');
}

/** The opposite direction's letters. */
export function oppositeLetters(direction: Vector3): string {
  return orientationLetters([-direction[0], -direction[1], -direction[2]]);
}
