import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { trainingMethods } from '../../../../src-main/shared/trainingMethods.ts';
import { trainerConfig } from '../../../../src-main/workflows/train/trainerConfig.ts';
import { makeTrainingConfig, presets } from '../../../../src-main/workflows/train/trainingConfig.ts';

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
      reweighting: { innerStep: 'sgd', smoothing: 1, scaling: 'none', floor: 0, memory: 0 },
      discriminator: { inputChannels: 1, ndf: 64 },
    });
    expect(trainerConfig(makeTrainingConfig('pgan', 'paper')).reweighting).toBeNull();
  });
});

describe('differences', () => {
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
    ['an unknown setting', { batchsize: 4 }, /batchsize/],
    [
      'an unknown nested setting',
      { generator: { inputChannels: 1, ngf: 8, blocks: 2, norm: 'batch' } },
      /^generator: .*norm/,
    ],
    ['two slices', { generator: { inputChannels: 2, ngf: 8, blocks: 2 } }, /^generator\.inputChannels: /],
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
    ['a text for a number', { learningRate: '2e-4' }, /^learningRate: /],
    ['a list', [], /JSON object/],
    ['nothing', null, /JSON object/],
  ])('are refused in one clear line: %s', (_name, differences, reason) => {
    let error: unknown;
    try {
      makeTrainingConfig('meta', 'paper', differences);
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

  it('must name a known preset and method', () => {
    expect(() => makeTrainingConfig('meta', 'fast')).toThrow(/no preset fast; choose one of paper, quick/);
    expect(() => makeTrainingConfig('cyclegan', 'paper')).toThrow(/method/);
  });
});
