import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trainJob } from '../../../../src-main/services/training/trainJob.ts';
import { testContext, tinySettings } from '../../../fixtures/tinyTraining.ts';
import { openTinyWorkspace, type TinyWorkspace } from '../../../fixtures/tinyWorkspace.ts';

let tiny: TinyWorkspace;
beforeEach(async () => {
  tiny = await openTinyWorkspace();
});
afterEach(() => tiny.dispose());

const train = (params: object) =>
  trainJob({ workspace: tiny.workspace.directory, device: 'cpu', threads: 1, ...params }, testContext());

describe('a training that cannot use its settings', () => {
  it('names the file they are in, and the setting', async () => {
    const config = join(tiny.workspace.directory, 'settings.json');
    writeFileSync(config, JSON.stringify({ ...tinySettings, preset: 'paper' }));
    await expect(train({ method: 'pgan', preset: 'quick', config })).rejects.toThrow(
      `${config}: preset: "quick" is chosen, but the settings say "paper"`,
    );
  });
});
