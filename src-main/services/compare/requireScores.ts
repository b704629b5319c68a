import { AppError } from '../../shared/appError.ts';
import { failureText } from './compareFailure.ts';
import type { EvaluatedRuns } from './evaluateRuns.ts';

/** Throws COMPARE_FAILED with the first failure where not one figure was found: an empty report is no result. */
export function requireScores({ scores, failures }: Pick<EvaluatedRuns, 'scores' | 'failures'>): void {
  if (scores.length > 0) return;
  const [first] = failures;
  throw new AppError('COMPARE_FAILED', {
    reason: first ? failureText(first) : 'there is nothing to compare',
  });
}
