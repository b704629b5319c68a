import { describe, expect, it } from 'vitest';
import type { MrSequence } from '../../../../src-main/formats/dicom/mrSequence.ts';
import type { SourceSeries } from '../../../../src-main/formats/dicom/sourceSeries.ts';
import { applyAffine, type Vector3 } from '../../../../src-main/shared/affine.ts';
import { formatMessage } from '../../../../src-main/shared/messages.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';
import { gateChecks } from '../../../../src-main/workflows/gate/gateChecks.ts';
import {
  gateFindings,
  overrideReasonSchema,
  passGate,
} from '../../../../src-main/workflows/gate/gateReport.ts';
import { judgeMr } from '../../../../src-main/workflows/gate/judgeMr.ts';
import { mrFacts, type MrFacts } from '../../../../src-main/workflows/gate/mrFacts.ts';
import { trainingAcquisition } from '../../../../src-main/workflows/gate/trainingAcquisition.ts';
import type { ModelCard } from '../../../../src-main/workflows/model/modelCard.ts';
import { bodyImages } from '../../../../src-main/workflows/prepare/bodyImages.ts';
import { profileRange } from '../../../../src-main/imaging/intensity/intensityProfile.ts';
import { cardOf } from '../synthesize/linearModel.ts';
import { fillVolume, gridAboutOrigin, turned } from '../synthesize/ramps.ts';

type Axes = readonly [Vector3, Vector3, Vector3];
const axial: Axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
const sagittal: Axes = [[0, 1, 0], [0, 0, -1], [1, 0, 0]]; // prettier-ignore

const inside =
  ([a, b, c]: Vector3, [u, v, w]: Vector3 = [0, 0, 0]) =>
  ([x, y, z]: Vector3): boolean =>
    ((x - u) / a) ** 2 + ((y - v) / b) ** 2 + ((z - w) / c) ** 2 <= 1;
const body = inside([70, 55, 500]);

interface Drawn {
  readonly size?: Vector3;
  readonly spacing?: Vector3;
  readonly axes?: Axes;
  /** Fat dark and muscle bright instead of the other way round. */
  readonly inverted?: boolean;
  readonly shift?: number;
  /** Half-axes of a hole without signal. */
  readonly hole?: Vector3;
  readonly offset?: number;
}

/** A body of muscle with a rim of fat in air. */
function draw(drawn: Drawn = {}): Volume {
  const { size = [60, 50, 10], spacing = [3, 3, 5], axes = axial, shift = 0, offset = 0 } = drawn;
  const muscle = inside([60, 45, 500]);
  const hole = drawn.hole ? inside(drawn.hole, [30, 0, 0]) : () => false;
  return fillVolume(gridAboutOrigin(size, spacing, axes), ([x, y, z], [i, j, k]) => {
    const place: Vector3 = [x - shift, y, z];
    if (!body(place) || hole(place)) return offset;
    const noise = 20 * Math.sin(12.9 * i + 78.2 * j + 37.7 * k);
    return offset + (muscle(place) === (drawn.inverted ?? false) ? 900 : 300) + noise;
  });
}

const t2: MrSequence = {
  scanningSequence: 'SE',
  sequenceVariant: 'SK\\SP',
  mrAcquisitionType: '2D',
  hasContrastAgent: false,
  magneticFieldStrengthT: 3,
  echoTimeMs: 100,
  repetitionTimeMs: 4000,
};

/** A series of that grid; only what the gate looks at is told. */
function sourceOf({ grid }: Volume, sequence: MrSequence, change: Partial<SourceSeries> = {}): SourceSeries {
  const [a, b, , , c, d, , , e, f] = grid.indexToLps;
  const [si, sj] = [Math.hypot(a, c, e), Math.hypot(b, d, f)];
  const slices = Array.from({ length: grid.size[2] }, (_, k) => ({
    sopClassUid: '',
    sopInstanceUid: '',
    imagePositionPatient: [...applyAffine(grid.indexToLps, [0, 0, k])] as [number, number, number],
  }));
  const source = { modality: 'MR', mrSequence: sequence, slices };
  const imageOrientationPatient = [a / si, c / si, e / si, b / sj, d / sj, f / sj];
  return { ...source, imageOrientationPatient, ...change } as unknown as SourceSeries;
}

const factsOf = (mr: Volume, source?: SourceSeries): MrFacts =>
  mrFacts(mr, bodyImages(mr, { spacingMm: [3, 3], subject: 'test' }), source);

const trained = [0, 1, 2].map((at) => {
  const mr = draw({ size: [60, 50, 10 + at] });
  return factsOf(mr, sourceOf(mr, { ...t2, echoTimeMs: 95 + 5 * at }));
});
const profile = profileRange(trained.map((facts) => facts.profile));
const bareCard = cardOf({ intensityProfile: profile });
const card: ModelCard = {
  ...bareCard,
  training: {
    run: 'r',
    method: 'meta',
    preset: 'paper',
    cases: 3,
    metaCases: 0,
    slices: 33,
    steps: 1,
    dataFingerprint: '',
    config: {},
    acquisition: trainingAcquisition(trained)!,
  },
};

/** Verdicts other than green, by key. */
function against(mr: Volume, source?: SourceSeries, of: ModelCard = card): Record<string, string> {
  const { checks } = judgeMr(factsOf(mr, source), of);
  return Object.fromEntries(
    checks.filter(({ verdict }) => verdict !== 'green').map(({ key, verdict }) => [key, verdict]),
  );
}
const withSequence = (change: Partial<MrSequence>) => {
  const mr = draw();
  return against(mr, sourceOf(mr, { ...t2, ...change }));
};

describe('the domain gate', () => {
  it('is green for an MR like those of the training', () => {
    const mr = draw({ shift: 4 });
    const report = judgeMr(factsOf(mr, sourceOf(mr, t2)), card);
    expect(report.checks.map(({ key }) => key)).toEqual(gateChecks.map(({ key }) => key));
    expect(against(mr, sourceOf(mr, t2))).toEqual({});
    expect(report.verdict).toBe('green');
  });

  it.each<[string, Partial<MrSequence>, string]>([
    ['another scanning sequence', { scanningSequence: 'GR' }, 'sequence'],
    ['another variant', { sequenceVariant: 'MP' }, 'sequence'],
    ['contrast agent', { hasContrastAgent: true }, 'contrastAgent'],
    ['another field strength', { magneticFieldStrengthT: 1.5 }, 'fieldStrength'],
    ['another echo time', { echoTimeMs: 12 }, 'echoTime'],
    ['another repetition time', { repetitionTimeMs: 500 }, 'repetitionTime'],
  ])('is amber for %s', (_what, change, key) => {
    expect(withSequence(change)).toEqual({ [key]: 'amber' });
  });

  it('stops for uneven slices, and is amber where a person had them resampled', () => {
    const mr = draw();
    const source = sourceOf(mr, t2);
    const slices = source.slices.filter((_slice, at) => at !== 2);
    expect(against(mr, { ...source, slices })).toEqual({ slices: 'stop' });
    const evened = { smallestMm: 3, largestMm: 6 };
    expect(against(mr, { ...source, slices, evened })).toEqual({ slices: 'amber' });
  });

  it('takes an echo time near those of the training, and variants in any order', () => {
    expect(
      withSequence({ echoTimeMs: 110, sequenceVariant: 'SP\\SK', magneticFieldStrengthT: 2.89 }),
    ).toEqual({});
  });

  it.each<[string, Drawn, Record<string, string>]>([
    ['coarser pixels', { size: [30, 25, 10], spacing: [6, 6, 5] }, { inPlaneSpacing: 'amber' }],
    [
      'thicker slices of the same length',
      { size: [60, 50, 5], spacing: [3, 3, 10] },
      { sliceSpacing: 'amber' },
    ],
    ['a longer stack', { size: [60, 50, 30] }, { extent: 'amber' }],
    ['slices turned by 20°', { axes: turned(axial, 18) }, { orientation: 'amber' }],
    ['slices turned by 40°', { axes: turned(axial, 38) }, { orientation: 'stop' }],
    ['a body beyond the image', { size: [40, 50, 10] }, { truncation: 'amber' }],
    ['exchanged bright and dark', { inverted: true }, { intensity: 'amber' }],
    ['a void as large as an implant’s', { hole: [20, 20, 30] }, { signalVoid: 'amber' }],
    ['a localiser', { size: [60, 50, 2] }, { slices: 'stop', extent: 'amber' }],
  ])('for %s it says so', (_what, drawn, expected) => {
    const mr = draw(drawn);
    expect(against(mr, sourceOf(mr, t2))).toMatchObject(expected);
    // Nothing else stops.
    const stops = Object.entries(against(mr, sourceOf(mr, t2))).filter(([, verdict]) => verdict === 'stop');
    expect(stops).toEqual(Object.entries(expected).filter(([, verdict]) => verdict === 'stop'));
  });

  it('stops at sagittal slices, but takes a sagittally stored volume of equal spacing', () => {
    const slices = draw({ size: [50, 25, 30], spacing: [3, 3, 5], axes: sagittal });
    expect(against(slices, sourceOf(slices, t2))).toMatchObject({ orientation: 'stop' });
    const cube = draw({ size: [50, 20, 60], spacing: [3, 3, 3], axes: sagittal });
    expect(against(cube, sourceOf(cube, t2))).not.toHaveProperty('orientation');
  });

  it('stops at a CT, said or seen, and at slices that are not evenly spaced', () => {
    const mr = draw();
    expect(against(mr, sourceOf(mr, t2, { modality: 'CT' }))).toMatchObject({ modality: 'stop' });
    const hu = draw({ offset: -1000 });
    expect(against(hu)).toMatchObject({ modality: 'stop' });
    const source = sourceOf(mr, t2);
    const gapped = { ...source, slices: source.slices.filter((_, k) => k !== 4) };
    expect(against(mr, gapped)).toMatchObject({ slices: 'stop' });
  });

  it('says where the body is cut off', () => {
    const mr = draw({ size: [44, 50, 10], shift: 20 });
    const { checks } = judgeMr(factsOf(mr, sourceOf(mr, t2)), card);
    const cut = checks.find(({ key }) => key === 'truncation')!;
    expect(cut).toMatchObject({ verdict: 'amber', details: { sides: 'left', first: 1, last: 10 } });
    expect(formatMessage(`findings.${cut.code}`, cut.details)).toMatch(
      /cut off by the image \(left; slices 1 to 10/,
    );
  });

  it('is never green for what the MR or the model does not tell', () => {
    const mr = draw();
    const withoutDicom = judgeMr(factsOf(mr), card);
    expect(against(mr)).toEqual({
      modality: 'unknown',
      sequence: 'unknown',
      contrastAgent: 'unknown',
      fieldStrength: 'unknown',
      echoTime: 'unknown',
      repetitionTime: 'unknown',
    });
    expect(withoutDicom.verdict).toBe('amber');
    const silent = against(mr, sourceOf(mr, t2), bareCard);
    expect(new Set(Object.values(silent))).toEqual(new Set(['unknown']));
    expect(Object.keys(silent)).toEqual([
      'orientation',
      'sequence',
      'contrastAgent',
      'fieldStrength',
      'echoTime',
      'repetitionTime',
      'inPlaneSpacing',
      'sliceSpacing',
      'extent',
    ]);
    expect(judgeMr(factsOf(mr, sourceOf(mr, t2)), cardOf()).verdict).toBe('amber');
  });

  it('has a sentence for whatever it may say', () => {
    const images = [
      draw(),
      draw({ size: [40, 50, 10], hole: [20, 20, 30], inverted: true }),
      draw({ size: [60, 50, 1] }),
    ];
    for (const mr of images)
      for (const source of [
        undefined,
        sourceOf(mr, t2),
        sourceOf(mr, { ...t2, hasContrastAgent: true, echoTimeMs: 1 }),
      ])
        for (const of of [card, bareCard])
          for (const { code, details } of judgeMr(factsOf(mr, source), of).checks) {
            const text = formatMessage(`findings.${code}`, details);
            expect(text).not.toMatch(/^findings|\{|undefined|NaN/);
          }
  });
});

describe('passing the gate', () => {
  const mr = draw({ axes: turned(axial, 38) });
  const stopped = judgeMr(factsOf(mr, sourceOf(mr, t2, { modality: 'CT' })), card);

  it('is refused with every reason in words where it stops', () => {
    expect(() => passGate(stopped)).toThrow(
      expect.objectContaining({ code: 'GATE_STOPPED', exitCode: 2 }) as Error,
    );
    expect(() => passGate(stopped)).toThrow(/It is a CT.*Its slices lie at \d+° to the axial plane/);
  });

  it('is possible for a reason, which is kept and found', () => {
    const gate = passGate(stopped, 'phantom for the yearly check');
    expect(gate).toMatchObject({ verdict: 'stop', override: 'phantom for the yearly check' });
    const findings = gateFindings(gate, 'case-1');
    expect(findings.map(({ code }) => code)).toContain('gate-overridden');
    expect(findings.filter(({ severity }) => severity === 'error')).toHaveLength(2);
  });

  it('keeps no reason where none was needed', () => {
    const fine = draw();
    const report = judgeMr(factsOf(fine, sourceOf(fine, t2)), card);
    expect(passGate(report, 'just to be sure').override).toBeNull();
    expect(gateFindings(passGate(report), 'case-1')).toEqual([]);
  });

  it('takes no reason that is empty or too short to be one', () => {
    for (const reason of ['', '         ', 'because  ', 'too short'])
      expect(overrideReasonSchema.safeParse(reason).success).toBe(false);
    expect(overrideReasonSchema.parse('  phantom, no patient ')).toBe('phantom, no patient');
  });
});
