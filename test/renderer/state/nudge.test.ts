// @vitest-environment jsdom
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RegistrationBody } from '../../../src-main/api/contract/cases.ts';
import { identityAffine } from '../../../src-main/shared/rigidTransform.ts';
import { applyAffine, gridCentre } from '../../../src-renderer/lib/geometry.ts';
import { compare } from '../../../src-renderer/state/compare.svelte.ts';
import { nudge, nudgeSteps } from '../../../src-renderer/state/nudge.svelte.ts';
import { study } from '../../../src-renderer/state/study.svelte.ts';
import { viewports } from '../../../src-renderer/state/viewports.svelte.ts';
import { aRegistration } from '../fixtures/registration.ts';
import { fakeServer, type FakeServer } from '../fixtures/fakeServer.ts';
import { aStudy, header, volumeAnswer } from '../fixtures/volumes.ts';

let server: FakeServer;
let registration: RegistrationBody | null = null;
let ctAffine = header.indexToLps;
beforeEach(async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  registration = null;
  ctAffine = header.indexToLps;
  server = fakeServer({
    'GET /api/cases/a': () => {
      const detail = aStudy('a', { registration });
      return { ...detail, ct: { ...detail.ct!, size: header.size, indexToLps: ctAffine } };
    },
    'GET /api/cases/a/volumes/mr': () => volumeAnswer(0, { unit: 'signal' }),
    'GET /api/cases/a/volumes/ct': () => volumeAnswer(100),
  });
  compare.choose('side');
  nudge.step = 'coarse';
  study.follow('a');
  await vi.waitFor(() => expect(study.volumes.ct).toBeDefined());
});
afterEach(() => {
  nudge.end();
  study.close();
  compare.choose('side');
  vi.unstubAllGlobals();
});

const moved = (): readonly number[] => nudge.motion;
const isStill = (tolerance = 9): void => {
  moved().forEach((value, at) => expect(value).toBeCloseTo(identityAffine[at]!, tolerance));
};

describe('the CT in hand', () => {
  it('is shown over the MR in a checkerboard, unless a comparison is on already', () => {
    nudge.begin();
    expect([compare.mode, compare.pair]).toEqual(['checker', ['mr', 'ct']]);
    nudge.end();
    compare.choose('wipe');
    nudge.begin();
    expect(compare.mode).toBe('wipe');
  });

  it('moves by coarse and fine steps without a voxel being touched', () => {
    nudge.begin();
    nudge.shift([1, 0, 0], 2);
    nudge.step = 'fine';
    nudge.shift([0, 0, 1], -1);
    const x = 2 * nudgeSteps.coarse.mm;
    const shown = nudge.ct!;
    expect(shown.indexToLps[3]).toBeCloseTo(header.indexToLps[3]! + x);
    expect(shown.indexToLps[11]).toBeCloseTo(header.indexToLps[11]! - nudgeSteps.fine.mm);
    expect(shown.data).toBe(study.volumes.ct!.data);
    expect(study.volumes.ct!.indexToLps).toEqual(header.indexToLps);
    nudge.beneath([x, 0, -nudgeSteps.fine.mm]).forEach((mm) => expect(mm).toBeCloseTo(0, 9));
  });

  it('is what the viewports draw, in the CT’s own views and in those of the pair', () => {
    viewports.size = { width: 900, height: 400 };
    nudge.begin();
    nudge.shift([0, 1, 0], 1);
    const layers = viewports.views.flatMap((view) => view.layers.map(({ volume }) => volume));
    expect(layers).toContain(nudge.ct);
    expect(layers).not.toContain(study.volumes.ct);
  });

  it('turns about the point it is told, which stays where it is', () => {
    nudge.begin();
    nudge.turn([0, 0, 1], 3, [50, 60, 70]);
    expect(applyAffine(nudge.motion, [50, 60, 70]).map((mm) => Math.round(mm))).toEqual([50, 60, 70]);
    expect(nudge.current!.rotationsDegrees[2]).toBeCloseTo(3);
  });

  it('goes back to where it was when it is moved by T and then by −T', () => {
    const steps = fc.integer({ min: -20, max: 20 });
    const axis = fc.constantFrom([1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0.8, 0]) as fc.Arbitrary<
      readonly [number, number, number]
    >;
    const about = fc.tuple(steps, steps, steps);
    const move = fc.record({ axis, steps, about, turns: fc.boolean() });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 8 }), (moves) => {
        nudge.begin();
        for (const { axis: along, steps: by, about: at, turns } of moves)
          if (turns) nudge.turn(along, by, at);
          else nudge.shift(along, by);
        for (const { axis: along, steps: by, about: at, turns } of moves.toReversed())
          if (turns) nudge.turn(along, -by, at);
          else nudge.shift(along, -by);
        isStill(6);
        nudge.end();
      }),
      { numRuns: 50 },
    );
  });

  it('takes single numbers, and every change can be undone and made again', () => {
    nudge.begin();
    nudge.set('translationMm', 1, 12.5);
    nudge.set('rotationsDegrees', 0, -3);
    nudge.shift([1, 0, 0], 1);
    const last = nudge.current;
    for (let n = 0; n < 3; n++) nudge.undo();
    expect([nudge.isChanged, nudge.canUndo]).toEqual([false, false]);
    isStill();
    for (let n = 0; n < 3; n++) nudge.redo();
    expect(nudge.current).toEqual(last);
    expect(nudge.canRedo).toBe(false);
    nudge.reset();
    expect(nudge.isChanged).toBe(false);
    nudge.undo();
    expect(nudge.current).toEqual(last);
    nudge.set('translationMm', 1, 0);
    expect(nudge.canRedo).toBe(false);
  });

  it('starts from the registration the case has, or from nothing about the middle of the MR', async () => {
    nudge.begin();
    expect(nudge.current).toEqual({
      rotationsDegrees: [0, 0, 0],
      translationMm: [0, 0, 0],
      centreLps: gridCentre(study.detail!.mr!),
    });
    nudge.end();
    registration = aRegistration;
    await study.refresh();
    nudge.begin();
    expect(nudge.current).toEqual(aRegistration.ctToMr);
    isStill();
  });
});

describe('a case that is registered while it is open', () => {
  it('shows its CT at the new place without loading it again', async () => {
    const before = study.volumes.ct!;
    registration = aRegistration;
    ctAffine = [1, 0, 0, 6, 0, 1, 0, -4, 0, 0, 2.5, 5];
    await study.refresh();
    expect(study.volumes.ct!.indexToLps).toEqual(ctAffine);
    expect(study.volumes.ct!.data).toBe(before.data);
    expect(server.requests.filter(({ route }) => route.endsWith('/volumes/ct'))).toHaveLength(1);
  });

  it('ends what is in hand, which no longer holds', async () => {
    nudge.begin();
    nudge.shift([1, 0, 0], 1);
    nudge.follow();
    expect(nudge.active).toBe(true);
    registration = aRegistration;
    await study.refresh();
    nudge.follow();
    expect(nudge.active).toBe(false);
    expect(nudge.ct).toBe(study.volumes.ct);
  });
});
