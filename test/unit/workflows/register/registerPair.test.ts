import { describe, expect, it } from 'vitest';
import { createPhantomCase } from '../../../../src-main/imaging/phantom/createPhantomCase.ts';
import { resampleVolume } from '../../../../src-main/imaging/resample/resampleVolume.ts';
import { applyAffine, composeAffine, invertAffine, type Affine } from '../../../../src-main/shared/affine.ts';
import { identityAffine, rigidAffine } from '../../../../src-main/shared/rigidTransform.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';
import { bodyCoverage, bodyOverlap } from '../../../../src-main/workflows/register/bodyOverlap.ts';
import { findStart } from '../../../../src-main/workflows/register/findStart.ts';
import {
  gridCentre,
  judgeRegistration,
  registrationFindings,
} from '../../../../src-main/workflows/register/judgeRegistration.ts';
import { moveVolume } from '../../../../src-main/workflows/register/moveVolume.ts';
import { registerPair, type RigidSearch } from '../../../../src-main/workflows/register/registerPair.ts';
import { registrationLevels } from '../../../../src-main/workflows/register/registrationLevels.ts';

const { mr, ct, bodyMask } = createPhantomCase({
  seed: 5,
  misalignMm: 0,
  sizePx: [96, 64],
  spacingMm: 4,
  slices: 24,
  sliceSpacingMm: 4,
});
const centre = gridCentre(mr);
const shifted = (x: number, y: number, z: number): Affine => [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z];
const signal = new AbortController().signal;

describe('the start of a search', () => {
  const [coarse] = registrationLevels(mr, ct);

  it('is where the images lie when they share a frame and meet', () => {
    expect(findStart(coarse!, true)).toEqual({ how: 'as-they-lie', ctToMr: identityAffine });
  });

  it('is body on body when they do not, also for a CT that reaches farther than the MR', () => {
    const away = shifted(200, -150, 300);
    const { grid, data } = mr;
    const [nx, ny] = grid.size;
    // The MR shows slices 8 to 19 alone.
    const short: Volume = {
      grid: { size: [nx, ny, 12], indexToLps: composeAffine(grid.indexToLps, shifted(0, 0, 8)) },
      data: data.slice(nx * ny * 8, nx * ny * 20),
    };
    const [level] = registrationLevels(short, moveVolume(ct, away));
    const { how, ctToMr } = findStart(level!, false);
    expect(how).toBe('bodies');
    const [x, y, z] = applyAffine(composeAffine(ctToMr, away), [0, 0, 0]);
    expect(Math.hypot(x, y)).toBeLessThan(10);
    expect(Math.abs(z)).toBeLessThan(6);
  });

  it('is body on body, too, when a shared frame puts them where they do not meet', () => {
    const [level] = registrationLevels(mr, moveVolume(ct, shifted(0, 0, 900)));
    expect(findStart(level!, true).how).toBe('bodies');
  });
});

describe('registering', () => {
  const misplaced = rigidAffine({
    rotationsDegrees: [0, 0, 4],
    translationMm: [6, -4, 5],
    centreLps: centre,
  });
  const levels = registrationLevels(mr, moveVolume(ct, misplaced));

  it.each(['mr', 'ct'] as const)(
    'places the CT in the space of the MR when the search holds the %s still',
    async (fixed) => {
      const calls: Volume[][] = [];
      let placed = misplaced;
      const search: RigidSearch = (still, moving) => {
        calls.push([still, moving]);
        const correction = invertAffine(placed);
        placed = identityAffine;
        return Promise.resolve(fixed === 'mr' ? invertAffine(correction) : correction);
      };
      const { ctToMr } = await registerPair(levels, {
        fixed,
        sharesFrame: true,
        search,
        signal,
        onProgress: () => undefined,
      });
      expect(calls).toHaveLength(3);
      const [still] = calls[0]!;
      expect(still!.grid.size).toEqual(levels[0]![fixed].grid.size);
      composeAffine(ctToMr, misplaced).forEach((value, at) =>
        expect(value).toBeCloseTo(identityAffine[at]!, 9),
      );
    },
  );

  it('goes on from where a person has put the CT', async () => {
    const byHand = shifted(1, 2, 3);
    const { ctToMr, start } = await registerPair(levels, {
      fixed: 'mr',
      sharesFrame: false,
      placedByHand: byHand,
      search: () => Promise.resolve(identityAffine),
      signal,
      onProgress: () => undefined,
    });
    expect(start).toEqual({ how: 'by-hand', ctToMr: byHand });
    expect(ctToMr).toEqual(byHand);
  });

  it('stops between two resolutions when it is asked to', async () => {
    const stop = new AbortController();
    let searched = 0;
    const registering = registerPair(levels, {
      fixed: 'mr',
      sharesFrame: true,
      search: () => {
        searched++;
        stop.abort();
        return Promise.resolve(identityAffine);
      },
      signal: stop.signal,
      onProgress: () => undefined,
    });
    await expect(registering).rejects.toMatchObject({ name: 'AbortError' });
    expect(searched).toBe(1);
  });
});

describe('whether a registration can be believed', () => {
  const judge = (ctToMr: Affine, startedAt = identityAffine, placed: Volume = ct) =>
    judgeRegistration({
      caseId: 'a',
      mr,
      ct: placed,
      coarse: registrationLevels(mr, placed).at(-1)!,
      ctToMr,
      startedAt,
    });
  const codes = (ctToMr: Affine, startedAt?: Affine): string[] =>
    judge(ctToMr, startedAt).findings.map(({ code }) => code);

  it('is not doubted for a pair that lies on itself', () => {
    const { quality, findings } = judge(identityAffine);
    expect(findings).toEqual([]);
    expect(quality.mutualInformation.after).toBe(quality.mutualInformation.before);
    expect(quality.bodyOverlap).toBeGreaterThan(0.95);
    expect(quality).toMatchObject({ coverage: 1, turnDegrees: 0, shiftMm: 0 });
  });

  it('is doubted in amber for what is implausible, each with its own words', () => {
    const turned = rigidAffine({ rotationsDegrees: [0, 0, 25], translationMm: [0, 0, 0], centreLps: centre });
    expect(codes(turned)).toEqual(expect.arrayContaining(['registration-turned', 'registration-worse']));
    expect(codes(shifted(0, 0, 60))).toEqual(
      expect.arrayContaining(['registration-shifted', 'registration-worse', 'registration-little-cover']),
    );
    expect(codes(shifted(80, 0, 0))).toContain('registration-bodies-apart');
    expect(judge(turned).findings.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('counts turn and shift from the start, since two scanners’ frames may be any distance apart', () => {
    const away = shifted(200, -150, 300);
    const placed = moveVolume(ct, away);
    const { findings, quality } = judge(invertAffine(away), invertAffine(away), placed);
    expect(findings).toEqual([]);
    expect(quality.shiftMm).toBeCloseTo(0, 6);
    expect(quality.mutualInformation.after!).toBeGreaterThan(quality.mutualInformation.before!);
  });

  it('is doubted when mutual information cannot be measured any more', () => {
    const { quality } = judge(identityAffine);
    const gone = { ...quality, mutualInformation: { before: 0.5, after: null } };
    expect(registrationFindings('a', gone).map(({ code }) => code)).toEqual(['registration-worse']);
  });
});

describe('bodies', () => {
  it('overlap and are reached as counted voxel by voxel', () => {
    expect(bodyOverlap(bodyMask, bodyMask)).toBe(1);
    expect(bodyCoverage(bodyMask, mr.grid)).toBe(1);
    expect(bodyCoverage(bodyMask, moveVolume(ct, shifted(5000, 0, 0)).grid)).toBe(0);
    const aside = moveVolume(bodyMask, shifted(40, 0, 0));
    const onMr = resampleVolume(aside, mr.grid, { interpolation: 'nearest', outside: -1 }).data;
    let [both, sum, reached, inside] = [0, 0, 0, 0];
    onMr.forEach((value, at) => {
      const body = bodyMask.data[at]!;
      inside += body;
      if (value < 0) return;
      reached += body;
      sum += body + value;
      both += body * value;
    });
    expect(bodyOverlap(bodyMask, aside)).toBeCloseTo((2 * both) / sum, 9);
    expect(bodyCoverage(bodyMask, aside.grid)).toBeCloseTo(reached / inside, 9);
  });
});

describe('the resolutions', () => {
  it('are three, coarse to fine, with values clipped as for mutual information', () => {
    const metal = { ...ct, data: ct.data.map((hu, at) => (at % 7 === 0 ? 3071 : hu)) };
    const levels = registrationLevels(mr, metal);
    expect(levels.map(({ ct: { grid } }) => grid.size[0])).toEqual([48, 96, 96]);
    for (const level of levels) expect(level.ct.data.every((hu) => hu >= -1000 && hu <= 1500)).toBe(true);
  });
});
