import type { z } from 'zod';

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * One problem of a ZodError in one line, with its place: `cases[2].role: Invalid option …`. A key that does not exist is said before
 * others, since a misspelt one is why another is missing; of a union the branch that the value fits furthest speaks.
 */
export function describeZodError({ issues }: z.ZodError): string {
  const problem = foremost(issues);
  if (problem === undefined) return 'it does not fit its schema';
  const { path, message } = problem;
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return place === '' ? message : `${place.replace(/^\./, '')}: ${message}`;
}

function foremost(issues: readonly z.core.$ZodIssue[]): Problem | undefined {
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (first?.code === 'unrecognized_keys')
    return { path: [...first.path, ...first.keys.slice(0, 1)], message: 'Unrecognized key' };
  return first?.code === 'invalid_union' ? ofUnion(first) : first;
}

function ofUnion({ path, message, errors }: z.core.$ZodIssueInvalidUnion): Problem {
  const branches = errors.map(foremost).filter((problem) => problem !== undefined);
  const depth = Math.max(0, ...branches.map((branch) => branch.path.length));
  const deepest = branches.find((branch) => branch.path.length === depth);
  if (!deepest) return { path, message };
  if (depth > 0) return { path: [...path, ...deepest.path], message: deepest.message };
  // The value fits no branch at all: what each would take.
  const [taken, ...others] = new Set(branches.map((branch) => branch.message));
  const further = others.map((other) => other.replace('Invalid input: ', ''));
  return { path, message: [taken, ...further].join(', or ') };
}
