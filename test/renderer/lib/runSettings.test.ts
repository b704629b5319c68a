import { describe, expect, test } from 'vitest';
import paper from '../../../resources/presets/paper.json' with { type: 'json' };
import quick from '../../../resources/presets/quick.json' with { type: 'json' };
import {
  differencesOf,
  jointProblems,
  readSetting,
  runSettings,
  settingRange,
  settingText,
  settingValue,
  type RunSetting,
  type SettingValue,
} from '../../../src-renderer/lib/runSettings.ts';
import { methodPartNames, methodParts } from '../../../src-main/shared/trainingMethods.ts';
import { makeTrainingConfig } from '../../../src-main/workflows/train/trainingConfig.ts';

const setting = (id: string): RunSetting => runSettings.find((one) => one.id === id)!;

/** Paths of the leaves of a preset. */
const leaves = (value: unknown, path: string[] = []): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
    : [path.join('.')];

describe('settings of a run', () => {
  test('the form has every setting of the presets and a switch for every part of a method, and no other', () => {
    const parts = methodPartNames.map((part) => `parts.${part}`);
    expect(runSettings.map(({ id }) => id).sort()).toEqual([...leaves(paper), ...parts].sort());
  });

  test.each(Object.entries({ paper, quick }))(
    'what preset %s holds passes its own form unchanged',
    (_, preset) => {
      for (const one of runSettings) {
        const value = settingValue({ ...preset, parts: methodParts.meta }, one);
        expect([one.id, readSetting(one, settingText(one, value))]).toEqual([one.id, { value }]);
      }
    },
  );

  test.each([
    ['batchSize', '2.5', 'whole'],
    ['batchSize', '0', 'atLeast'],
    ['batchSize', '', 'empty'],
    ['batchSize', 'six', 'number'],
    ['learningRate', '0', 'above'],
    ['dropout', '95', 'atMost'],
    ['cropPx.0', '162', 'multiple'],
    ['cropPx.1', '28', 'atLeast'],
    ['weightSmoothing', '4', 'choice'],
  ])('%s does not take "%s": %s', (id, text, problem) => {
    expect(readSetting(setting(id), text)).toMatchObject({ problem: { key: problem } });
  });

  test('a share is typed in per cent, with point or comma', () => {
    expect(readSetting(setting('dropout'), '12.5')).toEqual({ value: 0.125 });
    expect(readSetting(setting('dropout'), '12,5')).toEqual({ value: 0.125 });
    expect(settingRange(setting('dropout'))).toEqual({ key: 'between', details: { min: 0, max: 90 } });
  });

  test('an empty number of slices means all of them', () => {
    expect(readSetting(setting('slicesPerEpoch'), ' ')).toEqual({ value: null });
  });

  test('differences keep the neighbours of what was changed, and the server takes them', () => {
    const changed = new Map<string, SettingValue>([
      ['generator.ngf', 8],
      ['generator.blocks', 2],
      ['cropPx.1', 96],
      ['batchSize', 3],
    ]);
    const differences = differencesOf(quick, changed);
    expect(differences).toEqual({
      generator: { inputChannels: 1, ngf: 8, blocks: 2 },
      cropPx: [160, 96],
      batchSize: 3,
    });
    expect(makeTrainingConfig('meta', 'quick', differences)).toMatchObject(differences);
  });

  test('one part of a method is switched, and the server takes it', () => {
    const differences = differencesOf({ ...quick, parts: methodParts.meta }, [['parts.contextual', false]]);
    expect(differences).toEqual({ parts: { ...methodParts.meta, contextual: false } });
    const { parts } = makeTrainingConfig('meta', 'quick', { ...differences, features: 'random' });
    expect(parts).toEqual({ weights: true, perceptual: false, contextual: false, registration: false });
  });

  test('a feature loss without features is told at its switch', () => {
    const values: Record<string, SettingValue> = { features: 'none', 'parts.perceptual': true };
    const problems = jointProblems((id) => values[id] ?? null);
    expect(problems.get('parts.perceptual')).toEqual({ key: 'needsFeatures', details: {} });
    expect(problems.has('parts.contextual')).toBe(false);
  });

  test('what only several settings show is told at one of them', () => {
    const values = new Map<string, SettingValue>([
      ['constantEpochs', 0],
      ['decayEpochs', 0],
      ['huWindow.lowHu', 200],
      ['huWindow.highHu', 200],
    ]);
    const problems = jointProblems((id) => values.get(id) ?? null);
    expect([...problems.keys()]).toEqual(['constantEpochs', 'huWindow.highHu']);
    values.set('decayEpochs', 4).set('warmupEpochs', 4).set('huWindow.highHu', 300);
    expect([...jointProblems((id) => values.get(id) ?? null).keys()]).toEqual(['warmupEpochs']);
    values.set('warmupEpochs', 3);
    expect(jointProblems((id) => values.get(id) ?? null).size).toBe(0);
  });
});
