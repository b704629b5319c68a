import { describe, expect, it } from 'vitest';
import {
  methodParts,
  needsFeatures,
  resolveParts,
  trainingMethods,
} from '../../../src-main/shared/trainingMethods.ts';

describe('the methods', () => {
  it('are told apart by their parts', () => {
    const rows = trainingMethods.map((method) => JSON.stringify(methodParts[method]));
    expect(new Set(rows).size).toBe(trainingMethods.length);
  });

  it('without features keep what is no feature loss', () => {
    for (const method of trainingMethods) {
      const { weights, registration } = methodParts[method];
      const rest = { weights, registration, perceptual: false, contextual: false };
      expect(resolveParts(method, {}, 'none')).toEqual(rest);
      expect(resolveParts(method, {}, 'random')).toEqual(methodParts[method]);
    }
    expect(trainingMethods.filter(needsFeatures)).toEqual(['ctx-pgan']);
  });

  it('let a part be switched by itself', () => {
    expect(resolveParts('meta', { contextual: false }, 'vgg')).toEqual({
      weights: true,
      perceptual: false,
      contextual: false,
      registration: false,
    });
    expect(resolveParts('pgan', { registration: true }, 'none').registration).toBe(true);
  });
});
