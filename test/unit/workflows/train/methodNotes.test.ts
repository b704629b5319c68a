import { describe, expect, it } from 'vitest';
import { methodNotes } from '../../../../src-main/workflows/train/methodNotes.ts';
import { makeTrainingConfig } from '../../../../src-main/workflows/train/trainingConfig.ts';

describe('what is said of a run’s feature network', () => {
  const config = makeTrainingConfig('ctx-pgan', 'paper');
  const sha256 = '0123456789abcdef'.repeat(4);
  const noteOf = (...networks: Parameters<typeof methodNotes>[0]['networks'] & object): string[] =>
    methodNotes({ config, networks });

  it('is that its weights are the published ones only where they are', () => {
    expect(noteOf({ network: 'vgg19', sha256, published: true })).toEqual([
      'The contextual loss looks through VGG-19 with its published ImageNet weights.',
    ]);
  });

  it('names others by their digest', () => {
    const [note, ...others] = noteOf({ network: 'vgg19', sha256, published: false });
    expect(others).toEqual([]);
    expect(note).toContain('VGG-19 with weights that are not the published ones');
    expect(note).toContain('0123456789ab');
  });

  it('is that nobody knows, for runs from before it was on record', () => {
    expect(methodNotes({ config })).toEqual([
      'The contextual loss looks through VGG-19 with the weights that were installed; which these were is not on record.',
    ]);
  });

  it('is that its weights are random where they were drawn', () => {
    const random = makeTrainingConfig('pgan', 'paper', { features: 'random' });
    expect(methodNotes({ config: random, networks: [] })[0]).toMatch(/VGG-16 untrained, with random weights/);
  });
});
