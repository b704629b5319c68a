/**
 * The domain gate: every check of an MR against a model's card is a row of one table. Wrong images stop, images unlike training are amber,
 * and what the MR or the card does not tell is unknown. Each limit stands with its reason.
 *
 * Source of the need: a model met with another sequence, coverage or a cut field of view gives plausible but wrong HU, and nothing in
 * its output says so.
 */
import { profileDistance } from '../../imaging/intensity/intensityProfile.ts';
import type { GateCheck, Judgement } from './gateCheck.ts';
import { rangeCheck } from './rangeCheck.ts';
import { sequenceName } from './trainingAcquisition.ts';

export const gateLimits = {
  /** Beyond this the slices cut the pelvis in a way that no axial training has seen; oblique prostate protocols stay below 25°. */
  stopDegrees: 30,
  /** Patients are never placed more exactly than this. */
  obliqueSlackDegrees: 5,
  /** A step this far from the others means a slice is missing or lies elsewhere; scanners round to less. */
  unevenShare: 0.1,
  /** The stack is then sheared against its slices (gantry tilt), which MR scanners do not do. */
  tiltDegrees: 0.5,
  /** Fewer slices are a localiser, not a stack. */
  fewestSlices: 3,
  /** A patient who touches a side at a few pixels is not cut off: ghosts and folds reach there. */
  borderShare: 0.01,
  /** The void around a hip implant is larger than 50 ml; gas in the rectum mostly stays below this. */
  darkMl: 30,
  /** Training cases differ among themselves by more than this. */
  profileSlack: 0.05,
} as const;

const green = (code: string, details: Judgement['details'] = {}): Judgement => ({
  verdict: 'green',
  code,
  details,
});
const amber = (code: string, details: Judgement['details'] = {}): Judgement => ({
  verdict: 'amber',
  code,
  details,
});
const stop = (code: string, details: Judgement['details'] = {}): Judgement => ({
  verdict: 'stop',
  code,
  details,
});
const mrSilent: Judgement = { verdict: 'unknown', code: 'gate-mr-silent', details: {} };
const modelSilent: Judgement = { verdict: 'unknown', code: 'gate-model-silent', details: {} };

export const gateChecks: readonly GateCheck[] = [
  {
    key: 'modality',
    what: 'Modality',
    judge({ modality, looksLikeHu }) {
      if (modality === 'CT') return stop('gate-modality-ct');
      if (looksLikeHu) return stop('gate-modality-hu');
      return modality === 'MR' ? green('gate-modality-mr') : mrSilent;
    },
  },
  {
    key: 'slices',
    what: 'Slices',
    judge({ slices, unevenShare, evened, tiltDegrees }) {
      const { fewestSlices, tiltDegrees: tilted } = gateLimits;
      if (slices < fewestSlices) return stop('gate-slices-few', { count: slices });
      if (unevenShare !== null && unevenShare > gateLimits.unevenShare) {
        const percent = Math.round(100 * Math.min(unevenShare, 10));
        return evened ? amber('gate-slices-evened', { percent }) : stop('gate-slices-uneven', { percent });
      }
      if (tiltDegrees > tilted) return amber('gate-slices-tilted', { degrees: tiltDegrees.toFixed(1) });
      return green('gate-slices-even', { count: slices });
    },
  },
  {
    key: 'orientation',
    what: 'Orientation',
    judge({ degreesFromAxial }, { training }) {
      const degrees = degreesFromAxial.toFixed(0);
      if (degreesFromAxial > gateLimits.stopDegrees) return stop('gate-orientation-stop', { degrees });
      const range = training?.acquisition?.degreesFromAxial;
      if (range === undefined) return modelSilent;
      const details = { degrees, high: range.high.toFixed(0) };
      return degreesFromAxial > range.high + gateLimits.obliqueSlackDegrees
        ? amber('gate-orientation-amber', details)
        : green('gate-orientation-green', details);
    },
  },
  {
    key: 'sequence',
    what: 'Sequence',
    judge(facts, { training }) {
      const sequence = sequenceName(facts);
      const seen = training?.acquisition?.sequences;
      if (sequence === null) return mrSilent;
      if (seen === undefined) return modelSilent;
      return seen.includes(sequence)
        ? green('gate-sequence-green', { sequence })
        : amber('gate-sequence-amber', { sequence, seen: seen.join(', ') });
    },
  },
  {
    key: 'contrastAgent',
    what: 'Contrast agent',
    judge({ sequence }, { training }) {
      const seen = training?.acquisition?.contrastAgent;
      if (sequence === null) return mrSilent;
      if (seen === undefined) return modelSilent;
      if (seen.includes(sequence.hasContrastAgent)) return green('gate-contrast-green');
      return amber(sequence.hasContrastAgent ? 'gate-contrast-given' : 'gate-contrast-missing');
    },
  },
  rangeCheck({
    key: 'fieldStrength',
    what: 'Field strength',
    unit: 'T',
    digits: 1,
    read: ({ sequence }) => sequence?.magneticFieldStrengthT ?? null,
    training: ({ magneticFieldStrengthT }) => magneticFieldStrengthT,
    // Scanners of one class say 1.494 or 2.89.
    slack: { units: 0.2 },
  }),
  rangeCheck({
    key: 'echoTime',
    what: 'Echo time',
    unit: 'ms',
    digits: 1,
    read: ({ sequence }) => sequence?.echoTimeMs ?? null,
    training: ({ echoTimeMs }) => echoTimeMs,
    // A protocol's echo time moves with its resolution; a change of weighting is a factor of several.
    slack: { share: 0.25 },
  }),
  rangeCheck({
    key: 'repetitionTime',
    what: 'Repetition time',
    unit: 'ms',
    digits: 0,
    read: ({ sequence }) => sequence?.repetitionTimeMs ?? null,
    training: ({ repetitionTimeMs }) => repetitionTimeMs,
    // It grows with the number of slices.
    slack: { share: 0.5 },
  }),
  rangeCheck({
    key: 'inPlaneSpacing',
    what: 'Pixel spacing',
    unit: 'mm',
    digits: 2,
    read: ({ inPlaneMm }) => inPlaneMm,
    training: ({ inPlaneMm }) => inPlaneMm,
    // The model resamples anyhow; only clearly coarser or finer pixels look otherwise afterwards.
    slack: { share: 0.5 },
  }),
  rangeCheck({
    key: 'sliceSpacing',
    what: 'Slice spacing',
    unit: 'mm',
    digits: 2,
    read: ({ sliceSpacingMm }) => sliceSpacingMm,
    training: ({ sliceSpacingMm }) => sliceSpacingMm,
    // Slices are not resampled: thicker ones average bone with what lies beside it.
    slack: { share: 0.25 },
  }),
  rangeCheck({
    key: 'extent',
    what: 'Length of the stack',
    unit: 'mm',
    digits: 0,
    read: ({ extentMm }) => extentMm,
    training: ({ extentMm }) => extentMm,
    // A quarter more shows anatomy beyond the pelvis, a quarter less leaves some of it out.
    slack: { share: 0.25 },
  }),
  {
    key: 'truncation',
    what: 'Field of view',
    judge({ border: { share, sides, slices } }) {
      if (slices === null || share <= gateLimits.borderShare) return green('gate-truncation-green');
      const details = { percent: Math.max(1, Math.round(100 * share)), sides: sides.join(', ') };
      return amber('gate-truncation-amber', { ...details, first: slices[0], last: slices[1] });
    },
  },
  {
    key: 'intensity',
    what: 'Contrast of the image',
    judge({ profile }, { input: { intensityProfile } }) {
      if (!intensityProfile) return modelSilent;
      const { mean, largestDistance } = intensityProfile;
      const distance = profileDistance(profile, mean);
      const details = { distance: distance.toFixed(2), largest: largestDistance.toFixed(2) };
      return distance <= largestDistance + gateLimits.profileSlack
        ? green('gate-intensity-green', details)
        : amber('mr-unlike-training', details);
    },
  },
  {
    key: 'signalVoid',
    what: 'Signal void',
    judge({ darkMl }, { training }) {
      const usual = Math.max(gateLimits.darkMl, training?.acquisition?.darkMl.high ?? 0);
      const details = { millilitres: Math.round(darkMl) };
      return darkMl <= usual ? green('gate-void-green', details) : amber('gate-void-amber', details);
    },
  },
];
