/** Parsers for option values; each refuses with one clear line. */
import { InvalidArgumentError } from 'commander';

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** A number with `least` ≤ value ≤ `most`. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Two whole numbers of at least eight, `192,128`: columns and rows. */
export function imageSize(text: string): [number, number] {
  const [columns = 0, rows = 0, ...more] = text.split(',').map(wholeNumber(8));
  if (rows === 0 || more.length > 0)
    throw new InvalidArgumentError('Give columns and rows, such as 192,128.');
  return [columns, rows];
}
