/**
 * The settings of a training run as the form shows them: one row each, in groups, with unit and allowed range. The limits are those of the
 * training configuration; the server checks them again. Words are `train.setting.<id>` and `train.setting.<id>.hint`.
 */

import {
  featureParts,
  featureSources,
  methodPartNames,
  type MethodPart,
} from '../../src-main/shared/trainingMethods.ts';

export type SettingGroup =
  'method' | 'schedule' | 'batch' | 'grid' | 'network' | 'loss' | 'weights' | 'record';

interface SettingBase {
  /** Also its place in the configuration: `cropPx.0`, `generator.ngf`. */
  readonly id: string;
  readonly group: SettingGroup;
  /** Without effect on methods that lack this part. */
  readonly part?: MethodPart;
}

export interface NumberSetting extends SettingBase {
  readonly kind: 'number';
  readonly min: number | null;
  /** The least value itself is not allowed. */
  readonly above?: true;
  readonly max?: number;
  readonly integer?: true;
  readonly multipleOf?: number;
  /** Key of the unit's word: `train.unit.<unit>`. */
  readonly unit?: 'epochs' | 'slices' | 'mm' | 'px' | 'hu' | 'percent' | 'channels';
  /** What the form shows is the configuration's value times this. */
  readonly scale?: number;
  /** May be left empty, which is `null`: no limit. */
  readonly optional?: true;
}

export interface ChoiceSetting extends SettingBase {
  readonly kind: 'choice';
  readonly choices: readonly (string | number | boolean)[];
}

export interface SwitchSetting extends SettingBase {
  readonly kind: 'switch';
}

export type RunSetting = NumberSetting | ChoiceSetting | SwitchSetting;

/** The layers of VGG-19 that the literature compares by (Mechrez et al. 2018 and its followers); a file may name any. */
const layers = ['relu1_2', 'relu2_2', 'relu3_2', 'relu3_4', 'relu4_2', 'relu4_4', 'relu5_4'] as const;
const count = { kind: 'number', min: 1, integer: true } as const;
const countFromZero = { kind: 'number', min: 0, integer: true } as const;

export const runSettings: readonly RunSetting[] = [
  ...methodPartNames.map((part): SwitchSetting => ({ id: `parts.${part}`, group: 'method', kind: 'switch' })),
  { id: 'constantEpochs', group: 'schedule', ...countFromZero, unit: 'epochs' },
  { id: 'decayEpochs', group: 'schedule', ...countFromZero, unit: 'epochs' },
  { id: 'slicesPerEpoch', group: 'schedule', ...count, unit: 'slices', optional: true },
  { id: 'learningRate', group: 'schedule', kind: 'number', min: 0, above: true },
  { id: 'warmupEpochs', group: 'schedule', ...countFromZero, unit: 'epochs' },
  { id: 'warmupBatchSize', group: 'schedule', ...count, unit: 'slices' },
  { id: 'rateAfterWarmup', group: 'schedule', kind: 'number', min: 0.01, max: 1, unit: 'percent', scale: 100 },
  { id: 'warmupParts', group: 'schedule', kind: 'choice', choices: [true, false] },
  { id: 'seed', group: 'schedule', ...countFromZero },
  { id: 'trainOn', group: 'schedule', kind: 'choice', choices: ['all', 'clean'] },
  { id: 'cleanInTraining', group: 'schedule', kind: 'choice', choices: [false, true] },
  { id: 'batchSize', group: 'batch', ...count, unit: 'slices' },
  { id: 'metaBatchSize', group: 'batch', ...count, unit: 'slices', part: 'weights' },
  { id: 'metaMicroBatch', group: 'batch', ...count, unit: 'slices', part: 'weights' },
  { id: 'spacingMm.0', group: 'grid', kind: 'number', min: 0, above: true, unit: 'mm' },
  { id: 'spacingMm.1', group: 'grid', kind: 'number', min: 0, above: true, unit: 'mm' },
  { id: 'cropPx.0', group: 'grid', kind: 'number', min: 32, integer: true, multipleOf: 4, unit: 'px' },
  { id: 'cropPx.1', group: 'grid', kind: 'number', min: 32, integer: true, multipleOf: 4, unit: 'px' },
  { id: 'huWindow.lowHu', group: 'grid', kind: 'number', min: null, unit: 'hu' },
  { id: 'huWindow.highHu', group: 'grid', kind: 'number', min: null, unit: 'hu' },
  { id: 'generator.inputChannels', group: 'network', kind: 'choice', choices: [1, 3] },
  { id: 'generator.ngf', group: 'network', ...count, unit: 'channels' },
  { id: 'generator.blocks', group: 'network', ...count },
  { id: 'discriminator.ndf', group: 'network', ...count, unit: 'channels' },
  { id: 'dropout', group: 'network', kind: 'number', min: 0, max: 0.9, unit: 'percent', scale: 100 },
  { id: 'pixelFactor', group: 'loss', kind: 'number', min: 0, above: true },
  { id: 'adversarialFactor', group: 'loss', kind: 'number', min: 0 },
  { id: 'features', group: 'loss', kind: 'choice', choices: featureSources },
  { id: 'perceptualFactor', group: 'loss', kind: 'number', min: 0, part: 'perceptual' },
  { id: 'contextualFactor', group: 'loss', kind: 'number', min: 0, part: 'contextual' },
  { id: 'contextual.form', group: 'loss', kind: 'choice', choices: ['contextual', 'nearest'], part: 'contextual' },
  { id: 'contextual.bandwidth', group: 'loss', kind: 'number', min: 0, above: true, part: 'contextual' },
  { id: 'contextual.layers.0', group: 'loss', kind: 'choice', choices: layers, part: 'contextual' },
  { id: 'contextual.layers.1', group: 'loss', kind: 'choice', choices: layers, part: 'contextual' },
  { id: 'contextual.positions', group: 'loss', ...count, optional: true, part: 'contextual' },
  { id: 'smoothnessFactor', group: 'loss', kind: 'number', min: 0, part: 'registration' },
  { id: 'innerStep', group: 'weights', kind: 'choice', choices: ['sgd', 'preconditioned', 'adam'], part: 'weights' },
  { id: 'weightSmoothing', group: 'weights', kind: 'choice', choices: [1, 3, 5, 7, 9, 11, 13, 15], part: 'weights' },
  { id: 'weightScaling', group: 'weights', kind: 'choice', choices: ['none', 'local'], part: 'weights' },
  { id: 'weightFloor', group: 'weights', kind: 'number', min: 0, max: 1, unit: 'percent', scale: 100, part: 'weights' },
  { id: 'weightMemory', group: 'weights', kind: 'number', min: 0, max: 0.99, unit: 'percent', scale: 100, part: 'weights' },
  { id: 'watchedSlices', group: 'record', ...countFromZero, unit: 'slices', part: 'weights' },
  { id: 'filmSlices', group: 'record', ...countFromZero, unit: 'slices' },
]; // prettier-ignore

export const settingGroups: readonly SettingGroup[] = [
  'method',
  'schedule',
  'batch',
  'grid',
  'network',
  'loss',
  'weights',
  'record',
];

export type Config = Readonly<Record<string, unknown>>;
export type SettingValue = string | number | boolean | null;

/** What is wrong with what was typed: a key of `train.problem.*` with its details. */
export interface SettingProblem {
  readonly key: string;
  readonly details: Readonly<Record<string, string | number>>;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The value of a setting in a configuration, in the configuration's own unit. */
export function settingValue(config: Config, { id }: RunSetting): SettingValue {
  const value = id.split('.').reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), config);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** The value as the form shows and takes it. */
export function settingText(setting: RunSetting, value: SettingValue): string {
  if (typeof value !== 'number') return value === null ? '' : String(value);
  const shown = setting.kind === 'number' ? value * (setting.scale ?? 1) : value;
  return String(Number(shown.toPrecision(12)));
}

/** What was typed as a value, or why it cannot be one. A decimal comma is as good as a point. */
export function readSetting(
  setting: RunSetting,
  text: string,
): { readonly value: SettingValue } | { readonly problem: SettingProblem } {
  if (setting.kind === 'switch') return { value: text === 'true' };
  if (setting.kind === 'choice') {
    const value = setting.choices.find((choice) => String(choice) === text);
    return value === undefined ? { problem: { key: 'choice', details: {} } } : { value };
  }
  const typed = text.trim().replace('−', '-').replace(',', '.');
  if (typed === '') return setting.optional ? { value: null } : { problem: { key: 'empty', details: {} } };
  const shown = Number(typed);
  if (!Number.isFinite(shown)) return { problem: { key: 'number', details: { text: text.trim() } } };
  const problem = numberProblem(setting, shown);
  return problem ? { problem } : { value: Number((shown / (setting.scale ?? 1)).toPrecision(12)) };
}

function numberProblem(setting: NumberSetting, shown: number): SettingProblem | null {
  const { integer, multipleOf, above, scale = 1 } = setting;
  const min = setting.min === null ? -Infinity : setting.min * scale;
  const max = (setting.max ?? Infinity) * scale;
  if (integer && !Number.isInteger(shown)) return { key: 'whole', details: {} };
  if (above && shown <= min) return { key: 'above', details: { min } };
  if (shown < min) return { key: 'atLeast', details: { min } };
  if (shown > max) return { key: 'atMost', details: { max } };
  if (multipleOf !== undefined && shown % multipleOf !== 0)
    return { key: 'multiple', details: { of: multipleOf } };
  return null;
}

/** The range in words: a key of `train.range.*` with its details; null for choices and free numbers. */
export function settingRange(setting: RunSetting): SettingProblem | null {
  if (setting.kind !== 'number' || setting.min === null) return null;
  const { scale = 1, multipleOf, max, above, optional } = setting;
  const min = setting.min * scale;
  if (max !== undefined) return { key: 'between', details: { min, max: max * scale } };
  if (multipleOf !== undefined) return { key: 'multiple', details: { min, of: multipleOf } };
  if (optional) return { key: 'optional', details: { min } };
  return { key: above ? 'above' : 'atLeast', details: { min } };
}

/** Top-level settings of `base` with `values` put in, by id: what the server calls differences. */
export function differencesOf(base: Config, values: Iterable<readonly [string, SettingValue]>): Config {
  const differences: Record<string, unknown> = {};
  for (const [id, value] of values) {
    const [top = '', ...inner] = id.split('.');
    differences[top] = replaced(differences[top] ?? base[top], inner, value);
  }
  return differences;
}

/** `whole` with the value at `path` inside it replaced. */
function replaced(whole: unknown, [key, ...rest]: readonly string[], value: SettingValue): unknown {
  if (key === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((part: unknown, at) => (at === Number(key) ? replaced(part, rest, value) : part));
  const group = isRecord(whole) ? whole : {};
  return { ...group, [key]: replaced(group[key], rest, value) };
}

export interface JudgedSettings {
  /** Of settings that can be read. */
  readonly values: ReadonlyMap<string, SettingValue>;
  readonly problems: Readonly<Record<string, SettingProblem>>;
}

/** Reads what was typed for every setting. */
export function judgeSettings(
  settings: readonly RunSetting[],
  textOf: (setting: RunSetting) => string,
): JudgedSettings {
  const problems = new Map<string, SettingProblem>();
  const values = new Map<string, SettingValue>();
  for (const setting of settings) {
    const read = readSetting(setting, textOf(setting));
    if ('problem' in read) problems.set(setting.id, read.problem);
    else values.set(setting.id, read.value);
  }
  const joint = jointProblems((id) => values.get(id) ?? null);
  return { values, problems: Object.fromEntries([...joint, ...problems]) };
}

/** What no single setting shows: key of `train.problem.*` by the setting it is told at. */
export function jointProblems(value: (id: string) => SettingValue): ReadonlyMap<string, SettingProblem> {
  const problems = new Map<string, SettingProblem>();
  const number = (id: string): number => Number(value(id) ?? NaN);
  if (number('constantEpochs') + number('decayEpochs') === 0)
    problems.set('constantEpochs', { key: 'noEpochs', details: {} });
  else if (
    number('warmupEpochs') > 0 &&
    number('warmupEpochs') >= number('constantEpochs') + number('decayEpochs')
  )
    problems.set('warmupEpochs', { key: 'warmup', details: {} });
  if (number('huWindow.lowHu') >= number('huWindow.highHu'))
    problems.set('huWindow.highHu', { key: 'window', details: { low: number('huWindow.lowHu') } });
  if (value('features') === 'none')
    for (const part of featureParts)
      if (value(`parts.${part}`) === true)
        problems.set(`parts.${part}`, { key: 'needsFeatures', details: {} });
  return problems;
}
