import { describe, expect, it } from 'vitest';
import { costTable } from '../../../../src-main/workflows/compare/report/costTable.ts';
import { reproduction } from '../../../../src-main/workflows/compare/report/reproduction.ts';
import type { RunCost } from '../../../../src-main/workflows/compare/runCost.ts';

function aCost(run: string, differences: Partial<RunCost> = {}): RunCost {
  return {
    ...{ run, method: 'pgan', preset: 'quick', seed: 1, steps: 9, totalSteps: 9, warmupSteps: 0 },
    ...{
      secondsPerStep: 0.8,
      fastSecondsPerStep: 0.7,
      warmupSecondsPerStep: null,
      seconds: 120,
      fastSeconds: 100,
    },
    ...{
      peakMemoryMiB: 60,
      features: 'none',
      networks: [],
      cases: { train: 2, meta: 1 },
      dataFingerprint: 'abc',
    },
    differences: { batchSize: 2 },
    ...differences,
  };
}

describe('costTable', () => {
  it('gives the fast steps beside the median, and calls them wall clock', () => {
    const html = costTable([{ label: 'pGAN', runs: [aCost('a')] }]);
    expect(html).toMatch(/<caption>Wall clock/);
    expect(html).toMatch(/0\.700.*0\.800.*2\.0/);
    expect(html).not.toContain('machine busy');
  });

  it('says how many steps the warm-up took, in which weights do not act', () => {
    const html = costTable([{ label: 'meta', runs: [aCost('a', { steps: 9, warmupSteps: 6 }), aCost('b')] }]);
    expect(html.match(/9<small>warm-up 6<\/small>/g)).toHaveLength(1);
    expect(html.match(/warm-up \d/g)).toHaveLength(1);
  });

  it('says when something else was computing', () => {
    const busy = aCost('a', { secondsPerStep: 3.31, fastSecondsPerStep: 0.71 });
    const html = costTable([{ label: 'pGAN', runs: [busy, aCost('b')] }]);
    expect(html.match(/machine busy/g)).toHaveLength(1);
    expect(html).toContain('3.310<small>machine busy; else 0.710</small>');
  });

  it('says so of the minutes as well, which a busy warm-up makes many', () => {
    const html = costTable([{ label: 'REG', runs: [aCost('a', { seconds: 2658, fastSeconds: 936 })] }]);
    expect(html.match(/machine busy/g)).toHaveLength(1);
    expect(html).toContain('44.3<small>machine busy; else 15.6</small>');
  });

  it('has nothing to say of a run that is still in its warm-up', () => {
    const young = aCost('a', { secondsPerStep: null, fastSecondsPerStep: null });
    expect(costTable([{ label: 'pGAN', runs: [young] }])).not.toContain('machine busy');
  });
});

describe('the feature network of a run', () => {
  const sha256 = '0123456789abcdef'.repeat(4);
  const shown = (networks: RunCost['networks']): string =>
    costTable([{ label: 'pGAN', runs: [aCost('a', { features: 'vgg', networks })] }]);

  it('is called published only where its weights are', () => {
    expect(shown([{ network: 'vgg16', sha256, published: true }])).toContain('published ImageNet weights');
    const html = shown([{ network: 'vgg16', sha256, published: false }]);
    expect(html).toContain('weights that are not the published ones');
    expect(html).toContain('vgg16, SHA-256 0123456789ab…');
    expect(html).not.toContain('ImageNet');
  });

  it('is not guessed for a run that has none on record', () => {
    expect(shown(null)).toContain('not on record');
  });
});

describe('reproduction', () => {
  const command = 'ilium experiment experiment.json --workspace WORKSPACE';
  const costs = [{ label: 'pGAN', runs: [aCost('a', { seed: 4 }), aCost('b', { seed: 7 })] }];

  it('holds the file that the command reads', () => {
    const html = reproduction({
      command,
      commandFile: { name: 'experiment.json', text: '{"seeds":[4,7]}' },
      costs,
    });
    expect(html).toMatch(/experiment\.json:\n\{&#34;seeds&#34;:\[4,7\]\}\n/);
    expect(html).toContain(command);
  });

  it('names the seeds of every run and gives that of the settings', () => {
    const html = reproduction({ command, commandFile: null, costs });
    expect(html).toContain('# pGAN: 2 runs, seeds 4, 7; settings.json is that of the first');
    expect(html).toContain('{&#34;batchSize&#34;:2,&#34;seed&#34;:4}');
    expect(html).toContain('--config settings.json --workspace WORKSPACE');
    expect(html).toMatch(/WORKSPACE.*stand for paths of this machine/);
  });
});
