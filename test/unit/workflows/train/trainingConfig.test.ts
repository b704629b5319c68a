import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { trainingMethods } from '../../../../src-main/shared/trainingMethods.ts';
import { trainerConfig } from '../../../../src-main/workflows/train/trainerConfig.ts';
import { runRecordSchema } from '../../../../src-main/workflows/train/runFolder.ts';
import {
  makeTrainingConfig,
  presets,
  trainingConfigSchema,
} from '../../../../src-main/workflows/train/trainingConfig.ts';

describe('presets', () => {
  it.each(Object.keys(presets))('%s is valid for every method', (preset) => {
    for (const method of trainingMethods)
      expect(makeTrainingConfig(method, preset, { features: 'random' })).toMatchObject({ method, preset });
  });

  it('paper is the abstract with pGAN’s published settings', () => {
    expect(makeTrainingConfig('meta', 'paper')).toMatchObject({
      generator: { inputChannels: 1, ngf: 64, blocks: 9 },
      discriminator: { ndf: 64 },
      spacingMm: [1, 1],
      cropPx: [320, 192],
      batchSize: 6,
      metaBatchSize: 32,
      constantEpochs: 50,
      decayEpochs: 50,
      slicesPerEpoch: null,
      learningRate: 2e-4,
      pixelFactor: 100,
      adversarialFactor: 1,
      dropout: 0.5,
      innerStep: 'sgd',
      features: 'vgg',
      perceptualFactor: 100,
      contextual: { form: 'contextual', bandwidth: 0.5, layers: ['relu3_4', 'relu4_4'], positions: null },
      weightSmoothing: 1,
      warmupEpochs: 0,
      huWindow: { lowHu: -1024, highHu: 3000 },
    });
  });

  it('gives the trainer height before width, and weights only to meta', () => {
    expect(trainerConfig(makeTrainingConfig('meta', 'paper'))).toMatchObject({
      extents: [192, 320],
      reweighting: { innerStep: 'sgd', smoothing: 1, scaling: 'none', floor: 0, remembers: false },
      discriminator: { inputChannels: 1, ndf: 64 },
    });
    expect(trainerConfig(makeTrainingConfig('pgan', 'paper')).reweighting).toBeNull();
  });
});

describe('parts', () => {
  it('are those of the method, and written whole', () => {
    const parts = (method: string): object => makeTrainingConfig(method, 'paper').parts;
    expect(parts('pgan')).toEqual({
      weights: false,
      perceptual: true,
      contextual: false,
      registration: false,
    });
    expect(parts('reg-pgan')).toEqual({
      weights: false,
      perceptual: true,
      contextual: false,
      registration: true,
    });
    expect(parts('ctx-pgan')).toEqual({
      weights: false,
      perceptual: false,
      contextual: true,
      registration: false,
    });
    expect(parts('meta')).toEqual({
      weights: true,
      perceptual: false,
      contextual: true,
      registration: false,
    });
  });

  it('can each be switched alone, and reach the trainer', () => {
    const { weights: _weights, ...others } = makeTrainingConfig('meta', 'paper').parts;
    expect(makeTrainingConfig('meta', 'paper', { parts: { weights: false } }).parts).toMatchObject(others);
    const ablated = trainerConfig(makeTrainingConfig('meta', 'paper', { parts: { contextual: false } }));
    expect(ablated).toMatchObject({ contextual: null, perceptual: null, registration: null });
    expect(ablated.reweighting).not.toBeNull();
    const registered = trainerConfig(makeTrainingConfig('meta', 'quick', { parts: { registration: true } }));
    expect(registered.registration).toEqual({ levels: 5, smoothnessFactor: 50 });
  });

  it('without features have no feature losses, which ctx-pgan cannot do without', () => {
    const { parts } = makeTrainingConfig('pgan', 'paper', { features: 'none' });
    expect(Object.values(parts)).toEqual([false, false, false, false]);
    expect(() => makeTrainingConfig('ctx-pgan', 'quick')).toThrow(
      /ctx-pgan differs from pgan .* alone; choose/,
    );
    expect(() => makeTrainingConfig('pgan', 'quick', { parts: { contextual: true } })).toThrow(
      /parts: .*features/,
    );
  });

  it('of a configuration that was written are read as they are', () => {
    const config = makeTrainingConfig('meta', 'quick', { parts: { weights: false, registration: true } });
    expect(trainingConfigSchema.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });
});

describe('configurations of earlier versions', () => {
  it.each([
    ['gradient', 'sgd'],
    ['adam', 'preconditioned'],
  ])('direction %s is the inner step %s', (weightDirection, innerStep) => {
    const config = makeTrainingConfig('meta', 'quick', { weightDirection });
    expect(config).toEqual(makeTrainingConfig('meta', 'quick', { innerStep }));
    const { parts: _parts, innerStep: _step, warmupParts: _warm, rateAfterWarmup: _rate, trainOn: _on, cleanInTraining: _clean, features: _features, perceptualFactor: _p, contextualFactor: _c, contextual: _ctx, smoothnessFactor: _s, weightScaling: _scaling, weightFloor: _floor, weightMemory: _memory, ...old } = config; // prettier-ignore
    const record = {
      schemaVersion: 1,
      runId: 'old',
      createdAt: '2026-01-01T00:00:00Z',
      config: { ...old, weightDirection },
      cases: { train: [], meta: [] },
      dataFingerprint: '',
      intensityProfile: { mean: [], largestDistance: 0 },
    };
    expect(runRecordSchema.parse(record)).toMatchObject({ schemaVersion: 2, config });
    const plain = runRecordSchema.parse({ ...record, config: { ...record.config, method: 'pgan' } });
    expect(Object.values(plain.config.parts)).toEqual([false, false, false, false]);
  });

  it('lack no setting that came later', () => {
    const {
      warmupParts: _later,
      rateAfterWarmup: _rate,
      ...config
    } = makeTrainingConfig('ctx-pgan', 'paper');
    const record = {
      schemaVersion: 2,
      runId: 'recent',
      createdAt: '2026-11-22T00:00:00Z',
      config,
      cases: { train: [], meta: [] },
      dataFingerprint: '',
      intensityProfile: { mean: [], largestDistance: 0 },
    };
    const before = { ...config, warmupParts: true, rateAfterWarmup: 1 };
    expect(runRecordSchema.parse(record).config).toMatchObject(before);
    const renamed = { ...record, config: { ...config, warmupFeatures: false } };
    expect(runRecordSchema.parse(renamed).config).toMatchObject({ ...before, warmupParts: false });
  });

  it('that are damaged are still refused by the name of what is wrong', () => {
    expect(runRecordSchema.safeParse({ schemaVersion: 1, config: { seed: 'one' } }).success).toBe(false);
    expect(() => makeTrainingConfig('meta', 'quick', { weightDirection: 'up' })).toThrow(/innerStep/);
  });
});

describe('differences', () => {
  it('inside a group replace one setting, and leave its neighbours', () => {
    const { contextual } = makeTrainingConfig('meta', 'paper', { contextual: { form: 'nearest' } });
    expect(contextual).toEqual({
      form: 'nearest',
      bandwidth: 0.5,
      layers: ['relu3_4', 'relu4_4'],
      positions: null,
    });
  });

  it('replace settings of the preset', () => {
    const config = makeTrainingConfig('pgan', 'quick', { batchSize: 3, cropPx: [64, 48] });
    expect(config).toMatchObject({ batchSize: 3, cropPx: [64, 48], learningRate: 7e-4 });
  });

  it.each([
    [1, 1, 0],
    [2, 1, 1],
    [5, 3, 2],
    [100, 50, 50],
  ])('%i epochs are %i constant and %i decaying', (epochs, constantEpochs, decayEpochs) => {
    expect(makeTrainingConfig('meta', 'paper', {}, epochs)).toMatchObject({ constantEpochs, decayEpochs });
  });

  it('keep the warm-up’s share of other numbers of epochs, and leave an epoch', () => {
    const warmup = { constantEpochs: 5, decayEpochs: 5, warmupEpochs: 4 };
    expect(makeTrainingConfig('meta', 'quick', warmup, 30).warmupEpochs).toBe(12);
    expect(makeTrainingConfig('meta', 'quick', warmup, 1).warmupEpochs).toBe(0);
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown setting', { batchsize: 4 }, /^batchsize: Unrecognized key$/],
    [
      'an unknown nested setting',
      { generator: { inputChannels: 1, ngf: 8, blocks: 2, norm: 'batch' } },
      /^generator\.norm: /,
    ],
    [
      'two slices',
      { generator: { inputChannels: 2, ngf: 8, blocks: 2 } },
      /^generator\.inputChannels: .*expected 1, or expected 3$/,
    ],
    ['a crop the network cannot halve twice', { cropPx: [318, 192] }, /^cropPx\[0\]: /],
    ['a crop too small for the discriminator', { cropPx: [32, 16] }, /^cropPx\[1\]: /],
    ['an even window', { weightSmoothing: 4 }, /^weightSmoothing: must be odd/],
    [
      'a window upside down',
      { huWindow: { lowHu: 3000, highHu: -1024 } },
      /^huWindow: lowHu must be below highHu/,
    ],
    ['no epochs', { constantEpochs: 0, decayEpochs: 0 }, /^there are no epochs/],
    ['a fraction of a batch', { batchSize: 1.5 }, /^batchSize: /],
    ['dropout of everything', { dropout: 1 }, /^dropout: /],
    ['an unknown part', { parts: { weight: true } }, /^parts\.weight: /],
    [
      'an unknown setting of the contextual loss',
      { contextual: { layer: 'relu3_4' } },
      /^contextual\.layer: /,
    ],
    ['a layer VGG-19 has not', { contextual: { layers: ['relu6_1'] } }, /^contextual\.layers\[0\]: /],
    ['a layer twice', { contextual: { layers: ['relu3_4', 'relu3_4'] } }, /^contextual\.layers: /],
    [
      'a source of features',
      { features: 'vgg19' },
      /^features: must be vgg \(VGG-16 or VGG-19, .* random or none$/,
    ],
    ['another method', { method: 'meta' }, /^method: "pgan" is chosen, but the settings say "meta"$/],
    ['another preset', { preset: 'quick' }, /^preset: "paper" is chosen, but the settings say "quick"$/],
    ['all of the past', { weightMemory: 1 }, /^weightMemory: /],
    ['a text for a number', { learningRate: '2e-4' }, /^learningRate: /],
    ['a list', [], /JSON object/],
    ['nothing', null, /JSON object/],
  ])('are refused in one clear line: %s', (_name, differences, reason) => {
    let error: unknown;
    try {
      makeTrainingConfig('pgan', 'paper', differences);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AppError);
    const { code, details, message, exitCode } = error as AppError;
    expect({ code, exitCode, lines: message.split('\n').length }).toEqual({
      code: 'CONFIG_INVALID',
      exitCode: 2,
      lines: 1,
    });
    expect(details['reason']).toMatch(reason);
  });

  it.each(trainingMethods)('may be all settings of a run, as %s keeps them', (method) => {
    const config = makeTrainingConfig(method, 'quick', { features: 'random', seed: 7, weightFloor: 0.1 });
    expect(makeTrainingConfig(method, 'quick', JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it('must name a known preset and method', () => {
    expect(() => makeTrainingConfig('meta', 'fast')).toThrow(/no preset fast; choose one of paper, quick/);
    expect(() => makeTrainingConfig('cyclegan', 'paper')).toThrow(/method/);
  });
});
