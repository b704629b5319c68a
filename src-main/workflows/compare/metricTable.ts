/** The figures a comparison is made of: each a row of one table, read from an evaluation report. */
import { defaultHuWindow } from '../../imaging/intensity/huWindow.ts';
import { defaultTissueThresholds } from '../../imaging/metrics/tissueErrors.ts';
import { lpipsBackbones, type LpipsBackbone } from '../../learn/lpips.ts';
import type { EvaluationReport } from '../evaluate/evaluationReport.ts';
import { lpipsTitle, unpublishedWeights } from '../evaluate/lpipsTitle.ts';
import { figure } from './figures.ts';

export interface Metric {
  /** Stable, for CSV and JSON. */
  readonly id: string;
  readonly name: string;
  /** What it is taken over; empty for the whole body. */
  readonly where: string;
  readonly unit: string;
  readonly digits: number;
  /** What is good. `zero`: runs are compared by how far they are from 0. */
  readonly better: 'higher' | 'lower' | 'zero';
  /** Shown as box plots, and worded in the summary. */
  readonly isMain: boolean;
  /** Null where the report has no such figure. */
  readonly read: (report: EvaluationReport) => number | null;
}

type Tissue = 'air' | 'soft tissue' | 'bone';

const tissue = (
  { tissues }: EvaluationReport,
  name: Tissue,
): EvaluationReport['tissues'][number] | undefined => tissues.find((one) => one.name === name);
const bone = ({ bone: rows }: EvaluationReport, hu: number): EvaluationReport['bone'][number] | undefined =>
  rows.find(({ thresholdHu }) => thresholdHu === hu);

const { airBelowHu, boneAboveHu } = defaultTissueThresholds;
const { lowHu, highHu } = defaultHuWindow;

/** Of the reference CT. */
const tissueRanges: Readonly<Record<Tissue, string>> = {
  air: `< ${figure(airBelowHu, 0)} HU`,
  'soft tissue': `${figure(airBelowHu, 0)} to ${boneAboveHu} HU`,
  bone: `> ${boneAboveHu} HU`,
};

const tissueMetrics = (['air', 'soft tissue', 'bone'] as const).flatMap((name): Metric[] => {
  const id = name.replace(' tissue', '');
  const common = { where: `${name} ${tissueRanges[name]}`, unit: 'HU', digits: 1 };
  return [
    {
      ...common,
      id: `mae-${id}`,
      name: 'MAE',
      better: 'lower',
      isMain: name === 'bone',
      read: (report) => tissue(report, name)?.maeHu ?? null,
    },
    {
      ...common,
      id: `me-${id}`,
      name: 'Mean error',
      better: 'zero',
      isMain: false,
      read: (report) => tissue(report, name)?.meanErrorHu ?? null,
    },
  ];
});

const boneMetrics = [150, 250].flatMap((hu): Metric[] => {
  const where = `bone > ${hu} HU`;
  const isMain = hu === 250;
  return [
    {
      id: `dice-${hu}`,
      name: 'Dice',
      where,
      unit: '',
      digits: 3,
      better: 'higher',
      isMain,
      read: (report) => bone(report, hu)?.dice ?? null,
    },
    {
      id: `surface-mean-${hu}`,
      name: 'Surface distance, mean',
      where,
      unit: 'mm',
      digits: 2,
      better: 'lower',
      isMain,
      read: (report) => bone(report, hu)?.surfaceMeanMm ?? null,
    },
    {
      id: `surface-95-${hu}`,
      name: 'Surface distance, 95 %',
      where,
      unit: 'mm',
      digits: 2,
      better: 'lower',
      isMain: false,
      read: (report) => bone(report, hu)?.surface95Mm ?? null,
    },
  ];
});

export const lpipsMetricId = (backbone: LpipsBackbone): string => `lpips-${backbone}`;

/** Every metric, in reading order. */
export const metrics: readonly Metric[] = [
  {
    id: 'psnr',
    name: 'PSNR',
    where: '',
    unit: 'dB',
    digits: 2,
    better: 'higher',
    isMain: true,
    read: ({ overall }) => overall.psnrDb,
  },
  {
    id: 'ssim',
    name: 'SSIM',
    where: '',
    unit: '',
    digits: 3,
    better: 'higher',
    isMain: true,
    read: ({ overall }) => overall.ssim,
  },
  {
    id: 'mae',
    name: 'MAE',
    where: '',
    unit: 'HU',
    digits: 1,
    better: 'lower',
    isMain: true,
    read: ({ overall }) => overall.maeHu,
  },
  {
    id: 'me',
    name: 'Mean error',
    where: '',
    unit: 'HU',
    digits: 1,
    better: 'zero',
    isMain: false,
    read: ({ overall }) => overall.meanErrorHu,
  },
  ...tissueMetrics,
  ...boneMetrics,
  ...lpipsBackbones.map((backbone): Metric => ({
    id: lpipsMetricId(backbone),
    name: lpipsTitle(backbone),
    where: `axial slices, ${figure(lowHu, 0)} to ${highHu} HU`,
    unit: '',
    digits: 4,
    better: 'lower',
    isMain: backbone === 'alex',
    read: ({ lpips }) => lpips.find((one) => one.backbone === backbone)?.value ?? null,
  })),
];

/** Every metric; those whose id is among `unpublished` say that they look through weights which are not the published ones. */
export function metricsThrough(unpublished: readonly string[]): Metric[] {
  return metrics.map((metric) =>
    unpublished.includes(metric.id) ? { ...metric, where: `${metric.where}; ${unpublishedWeights}` } : metric,
  );
}

/** `MAE, bone > 150 HU (HU)`. */
export function metricTitle({ name, where, unit }: Metric): string {
  return `${name}${where ? `, ${where}` : ''}${unit ? ` (${unit})` : ''}`;
}
