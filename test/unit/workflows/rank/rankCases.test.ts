import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../../src-main/shared/progress.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import type { Grid, Volume } from '../../../../src-main/shared/volume.ts';
import { rankCases, type CaseToRank } from '../../../../src-main/workflows/rank/rankCases.ts';

const size = [32, 24, 6] as const;
const count = size[0] * size[1] * size[2];
const gridAt = (shiftMm: number): Grid => ({ size, indexToLps: [2, 0, 0, shiftMm, 0, 2, 0, 0, 0, 0, 4, 0] });

/** Checkered tissue in an ellipse; the MR shows fat bright, the CT dark. `shiftMm` moves the CT along x in patient space. */
function pair(shiftMm: number): { mr: Volume; ct: Volume } {
  const random = createRandom(3);
  const mr = new Float32Array(count);
  const ct = new Int16Array(count);
  for (let at = 0; at < count; at++) {
    const [i, j] = [at % size[0], Math.floor(at / size[0]) % size[1]];
    const inside = ((i - 15.5) / 14) ** 2 + ((j - 11.5) / 10) ** 2 < 1;
    const fat = (Math.floor(i / 3) + Math.floor(j / 3)) % 2 === 0;
    mr[at] = inside ? (fat ? 800 : 400) + 20 * random.normal() : 10 * random.uniform();
    ct[at] = inside ? (fat ? -100 : 50) + Math.round(10 * random.normal()) : -1000;
  }
  return { mr: { grid: gridAt(0), data: mr }, ct: { grid: gridAt(shiftMm), data: ct } };
}
const toRank = (caseId: string, shiftMm: number): CaseToRank => ({
  caseId,
  role: 'train',
  load: () => Promise.resolve(pair(shiftMm)),
});

describe('rankCases', () => {
  it('ranks pairs by their alignment and proposes the best for meta-validation', async () => {
    const progress: Progress[] = [];
    const { cases, findings } = await rankCases([toRank('off', 8), toRank('exact', 0), toRank('near', 2)], {
      top: 0.11,
      onProgress: (one) => progress.push(one),
    });
    expect(cases.map(({ caseId }) => caseId)).toEqual(['exact', 'near', 'off']);
    expect(cases.map(({ proposedRole }) => proposedRole)).toEqual(['meta', 'train', 'train']);
    expect(cases[0]!.mutualInformation!).toBeGreaterThan(2 * cases[2]!.mutualInformation!);
    expect(cases[0]!.normalisedMutualInformation!).toBeGreaterThan(1);
    expect(findings).toEqual([]);
    expect(progress.at(-1)).toMatchObject({ done: 3, total: 3 });
  });

  it('uses the mask of the case when there is one', async () => {
    const { mr, ct } = pair(0);
    const mask: Volume = { grid: mr.grid, data: new Uint8Array(count) };
    const masked: CaseToRank = {
      caseId: 'empty',
      role: 'train',
      load: () => Promise.resolve({ mr, ct, mask }),
    };
    const { cases, findings } = await rankCases([masked, toRank('whole', 0)], { top: 0.11 });
    expect(cases.map(({ caseId, mutualInformation }) => [caseId, mutualInformation === null])).toEqual([
      ['whole', false],
      ['empty', true],
    ]);
    expect(findings).toMatchObject([{ code: 'case-not-measurable', subject: 'empty' }]);
  });

  it('says which case has no CT and refuses a cohort without any pair', async () => {
    const lonely: CaseToRank = { caseId: 'lonely', role: 'train', load: () => Promise.resolve(null) };
    const { cases, findings } = await rankCases([lonely, toRank('a', 0), toRank('b', 4)], { top: 0.11 });
    expect(findings).toMatchObject([{ code: 'case-without-ct', subject: 'lonely' }]);
    expect(cases.at(-1)).toMatchObject({ caseId: 'lonely', mutualInformation: null, proposedRole: 'train' });
    await expect(rankCases([lonely], { top: 0.11 })).rejects.toMatchObject({ code: 'COHORT_EMPTY' });
    await expect(rankCases([], { top: 0.11 })).rejects.toMatchObject({ code: 'COHORT_EMPTY' });
  });

  it('stops between cases when asked', async () => {
    const options = { top: 0.11, signal: AbortSignal.abort() };
    await expect(rankCases([toRank('a', 0)], options)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
