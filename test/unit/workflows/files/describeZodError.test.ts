import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeZodError } from '../../../../src-main/workflows/files/describeZodError.ts';

const described = (schema: z.ZodType, value: unknown): string =>
  describeZodError(schema.safeParse(value).error!);

describe('what is wrong with a value, in one line', () => {
  const phantom = z.strictObject({ cases: z.number(), shiftMm: z.number() });
  const cohort = z.object({ cohort: z.union([z.literal('workspace'), z.strictObject({ phantom })]) });

  it('names the place', () => {
    const list = z.object({ cases: z.array(z.object({ role: z.enum(['train', 'meta']) })) });
    expect(described(list, { cases: [{ role: 'tset' }] })).toMatch(/^cases\[0\]\.role: Invalid option/);
    expect(described(list, 3)).toMatch(/^Invalid input: expected object/);
  });

  it('names a misspelt key rather than the one that is missing in its stead', () => {
    expect(described(phantom, { cases: 1, shiftMM: 2 })).toBe('shiftMM: Unrecognized key');
  });

  it.each([
    ['a misspelt key', { cases: 1, shiftMM: 2 }, 'cohort.phantom.shiftMM: Unrecognized key'],
    [
      'a wrong value',
      { cases: 1, shiftMm: '2' },
      /^cohort\.phantom\.shiftMm: Invalid input: expected number/,
    ],
    ['a missing value', { cases: 1 }, /^cohort\.phantom\.shiftMm: /],
  ])('names the place inside the branch of a union that fits furthest: %s', (_, value, expected) => {
    expect(described(cohort, { cohort: { phantom: value } })).toMatch(expected);
  });

  it('finds its way through unions in unions', () => {
    const nested = z.union([z.number(), z.object({ inner: z.union([z.string(), phantom]) })]);
    expect(described(nested, { inner: { cases: true, shiftMm: 1 } })).toMatch(/^inner\.cases: /);
  });

  it('says all that a union takes where the value fits none of it', () => {
    const channels = z.object({ channels: z.union([z.literal(1), z.literal(3)]) });
    expect(described(channels, { channels: 2 })).toBe('channels: Invalid input: expected 1, or expected 3');
    expect(described(cohort, { cohort: 'phantoms' })).toBe(
      'cohort: Invalid input: expected "workspace", or expected object, received string',
    );
  });

  it('keeps what a union by a kind says', () => {
    const kinds = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a') }),
      z.object({ kind: z.literal('b') }),
    ]);
    expect(described(kinds, { kind: 'c' })).toMatch(/^kind: .*'a' \| 'b'/);
  });
});
