/**
 * The demo's picture. Above: the held-out patient, MR, true CT, synthetic CT and their difference. Below: training patients whose CT is
 * misaligned, with the weight maps and the places where the CT is wrong. Slices are chosen by their place in the stack alone.
 */
import { maskWindow } from '../../imaging/crop/maskWindow.ts';
import { cutWindow } from '../../imaging/crop/sliceWindow.ts';
import { percentiles } from '../../imaging/intensity/percentiles.ts';
import { affineSpacing, applyAffine } from '../../shared/affine.ts';
import type { Volume } from '../../shared/volume.ts';
import type { EvaluationReport } from '../../workflows/evaluate/evaluationReport.ts';
import type { Rgb } from '../../workflows/montage/canvas.ts';
import { diverging, grey, sequential, type ColourMap } from '../../workflows/montage/colourMaps.ts';
import { drawMontage, type MontageSection } from '../../workflows/montage/drawMontage.ts';
import { encodePng } from '../../workflows/montage/encodePng.ts';
import { scalarSlices } from '../../workflows/montage/scalarSlices.ts';
import { mappedTile, overlaidTile, type Scalars } from '../../workflows/montage/tile.ts';
import type { JudgedWeights } from './judgeWeights.ts';
import type { ReferencePoints } from './referencePoints.ts';

export interface DemoPictures {
  /** All on the grid of the MR. */
  readonly patient: {
    readonly label: string;
    readonly mr: Volume;
    readonly trueCt: Volume;
    readonly sct: Volume;
    /** Not 0 inside the skin. */
    readonly body: Volume;
  };
  readonly metrics: EvaluationReport;
  readonly baselines: ReferencePoints;
  readonly weights: JudgedWeights;
  /** Case id → name. */
  readonly labelOf: (caseId: string) => string;
}

/** Shows fat and organs in dark greys and still tells cortical bone from marrow. */
const ctWindowHu = [-200, 800] as const;
const ctNotes = [`${hu(ctWindowHu[0])}…${ctWindowHu[1]} HU`];
const differenceHu = 500;
const wrongHu = 400;
const columns = 4;
const borderPx = 4;

const colours = {
  mr: [124, 166, 255],
  ct: [245, 180, 84],
  sct: [84, 214, 180],
  plain: [232, 237, 242],
  wrong: [255, 72, 66],
} as const satisfies Record<string, Rgb>;

const wrongMap: ColourMap = (share) => {
  const [red, green, blue] = colours.wrong;
  return [red * share, green * share, blue * share];
};

/** The montage as PNG. */
export function drawDemoMontage(pictures: DemoPictures): Uint8Array {
  const { metrics, baselines, patient } = pictures;
  const bone = metrics.bone.find(({ thresholdHu }) => thresholdHu === 250);
  const { bulkDensity, tissueConstant, monotoneLookup } = baselines;
  return encodePng(
    drawMontage({
      title: `Ilium demo: synthetic CT of ${patient.label}, a phantom patient that training never saw`,
      notes: [
        `Inside the skin: MAE ${figure(metrics.overall.maeHu, 1)} HU · PSNR ${figure(metrics.overall.psnrDb, 1)} dB · SSIM ${figure(metrics.overall.ssim, 3)} · bone (> 250 HU) Dice ${figure(bone?.dice, 3)}, surface distance ${figure(bone?.surfaceMeanMm, 1)} mm`,
        `For comparison, MAE: best monotone MR → HU lookup ${figure(monotoneLookup.maeHu, 1)} HU · one HU for air, soft tissue and bone each ${figure(bulkDensity.maeHu, 1)} HU · one for every tissue, all known, ${figure(tissueConstant.maeHu, 1)} HU`,
      ],
      sections: [patientSection(pictures), weightSection(pictures)],
      footer:
        'R: the patient’s right, A: anterior. Phantom images, not patients. For research only, not a medical device.',
    }),
  );
}

function patientSection({ patient }: DemoPictures): MontageSection {
  const { mr, trueCt, sct, body } = patient;
  const { size, indexToLps } = mr.grid;
  const window = maskWindow(body.data, size, borderPx);
  const images = (data: ArrayLike<number>, padding: number): Scalars[] =>
    scalarSlices(cutWindow(data, size, window, padding), window);
  const [low = 0, high = 1] = percentiles(mr.data, [0.5, 99.5], body.data);
  const error = Float32Array.from(sct.data, (value, at) =>
    body.data[at] ? value - (trueCt.data[at] as number) : 0,
  );
  const places = spread(size[2], columns).reverse();
  const pick = (all: readonly Scalars[]): Scalars[] => places.flatMap((place) => all.slice(place, place + 1));
  const spacing = affineSpacing(indexToLps);
  const ctTile = (image: Scalars) => mappedTile(image, ctWindowHu, grey);
  const ctLegend = { map: grey, high: `${ctWindowHu[1]} HU`, low: `${hu(ctWindowHu[0])} HU` };
  return {
    title: 'The synthetic CT beside the true one',
    notes: [],
    columns: places.map((k) => {
      const z = applyAffine(indexToLps, [0, 0, k])[2];
      return `Slice ${k + 1} of ${size[2]} · ${z < 0 ? '−' : '+'}${Math.abs(z).toFixed(0)} mm`;
    }),
    imageSize: [window.width, window.height],
    pixelMm: [spacing[0], spacing[1]],
    rows: [
      {
        tag: 'MR',
        colour: colours.mr,
        notes: ['input'],
        tiles: pick(images(mr.data, 0)).map((image) => mappedTile(image, [low, high], grey)),
      },
      {
        tag: 'CT',
        colour: colours.ct,
        notes: ['true, aligned', ...ctNotes],
        tiles: pick(images(trueCt.data, -1024)).map(ctTile),
        legend: ctLegend,
      },
      {
        tag: 'sCT',
        colour: colours.sct,
        notes: ['synthetic', ...ctNotes],
        tiles: pick(images(sct.data, -1024)).map(ctTile),
        legend: ctLegend,
      },
      {
        tag: 'sCT − CT',
        colour: colours.plain,
        notes: ['orange: too high', 'blue: too low'],
        tiles: pick(images(error, 0)).map((image) =>
          mappedTile(image, [-differenceHu, differenceHu], diverging),
        ),
        legend: { map: diverging, high: `+${differenceHu} HU`, middle: '0', low: `${hu(-differenceHu)} HU` },
      },
    ],
  };
}

function weightSection({ weights, labelOf }: DemoPictures): MontageSection {
  const { slices, alignment } = weights;
  const [width, height] = slices.size;
  const chosen = chooseSlices(slices.addresses.map(({ caseId }) => caseId));
  const pick = (data: Float32Array): Scalars[] => {
    const all = scalarSlices(data, { width, height });
    return chosen.flatMap((at) => all.slice(at, at + 1));
  };
  const weight = slices.weight.map((value, at) => (slices.body[at] ? value : 0));
  const off = slices.ctHu.map((value, at) =>
    slices.body[at] ? Math.abs(value - (slices.trueHu[at] as number)) / wrongHu : 0,
  );
  const [highest = 1] = percentiles(slices.weight, [99], slices.body);
  const top = Math.max(0.1, Math.ceil(highest * 10) / 10);
  const ct = pick(slices.ctHu);
  const { right, wrong: bad, auc } = alignment.all;
  const share = (100 * bad.pixels) / Math.max(1, right.pixels + bad.pixels);
  return {
    title: 'What the weight maps learned about training pairs whose CT is misaligned',
    notes: [
      `${share.toFixed(0)} % of the pixels are wrong by more than 100 HU. Mean weight where the CT is right ${figure(right.meanWeight, 2)}, where it is wrong ${figure(bad.meanWeight, 2)} · share of positive u ${figure(right.positiveShare, 2)} and ${figure(bad.positiveShare, 2)} · AUC ${figure(auc, 3)}, near CT edges alone ${figure(alignment.near.auc, 3)}`,
    ],
    columns: chosen.map((at) => {
      const address = slices.addresses[at];
      return address ? `${labelOf(address.caseId)} · slice ${address.slice + 1}` : '';
    }),
    imageSize: [width, height],
    pixelMm: slices.spacingMm,
    rows: [
      {
        tag: 'MR',
        colour: colours.mr,
        notes: ['input'],
        tiles: pick(slices.mr).map((image) => mappedTile(image, [-1, 1], grey)),
      },
      {
        tag: 'CT',
        colour: colours.ct,
        notes: ['as given,', 'misaligned', ...ctNotes],
        tiles: ct.map((image) => mappedTile(image, ctWindowHu, grey)),
        legend: { map: grey, high: `${ctWindowHu[1]} HU`, low: `${hu(ctWindowHu[0])} HU` },
      },
      {
        tag: 'Weight',
        colour: colours.plain,
        notes: ['mean over the', 'second half of', 'the training,', '1 = average'],
        tiles: pick(weight).map((image) => mappedTile(image, [0, top], sequential)),
        legend: { map: sequential, high: top.toFixed(1), low: '0' },
      },
      {
        tag: 'CT wrong',
        colour: colours.wrong,
        notes: ['known to the', 'phantom alone'],
        tiles: pick(off).map((amount, at) =>
          overlaidTile(
            mappedTile(ct[at] ?? amount, [ctWindowHu[0], 3 * ctWindowHu[1]], grey),
            amount,
            colours.wrong,
          ),
        ),
        legend: {
          map: wrongMap,
          high: `${wrongHu} HU`,
          low: '0 HU',
        },
      },
    ],
  };
}

/** `count` of `total` places, evenly spread. */
function spread(total: number, count: number): number[] {
  const places = Array.from({ length: count }, (_, at) => Math.floor(((at + 0.5) * total) / count));
  return [...new Set(places)];
}

/** The same number of slices of the first and of the last case, spread over each. */
function chooseSlices(caseIds: readonly string[]): number[] {
  const [first, last] = [caseIds[0], caseIds.at(-1)];
  const cases = first === last ? [first] : [first, last];
  return cases.flatMap((caseId) => {
    const own = caseIds.flatMap((one, at) => (one === caseId ? [at] : []));
    return spread(own.length, columns / cases.length)
      .flatMap((at) => own.slice(at, at + 1))
      .reverse();
  });
}

function figure(value: number | null | undefined, digits: number): string {
  return value?.toFixed(digits) ?? '–';
}

function hu(value: number): string {
  return value < 0 ? `−${-value}` : String(value);
}
