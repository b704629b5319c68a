import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoFolder } from '../../../../src-main/services/demo/demoFolder.ts';
import { demoPlan } from '../../../../src-main/services/demo/demoPlan.ts';
import { howToGoOn, stepHeading } from '../../../../src-main/services/demo/demoSteps.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ilium-demo-folder-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const now = new Date('2026-11-22T09:35:07Z');

describe('demoFolder', () => {
  it('takes a folder that was asked for when it is new or empty', async () => {
    expect(await demoFolder(folder, { isOwnFolder: true, now })).toBe(folder);
    expect(await demoFolder(join(folder, 'new'), { isOwnFolder: true, now })).toBe(join(folder, 'new'));
  });

  it('makes a new one in a folder that is in use, or that is the person’s own', async () => {
    writeFileSync(join(folder, 'demo-20261122-093507'), '');
    expect(await demoFolder(folder, { isOwnFolder: true, now })).toBe(join(folder, 'demo-20261122-093507-2'));
    expect(await demoFolder(join(folder, 'new'), { isOwnFolder: false, now })).toBe(
      join(folder, 'new', 'demo-20261122-093507'),
    );
  });
});

describe('demo plan and steps', () => {
  it('has twice the patients without --quick', () => {
    const [quick, full] = [demoPlan({ isQuick: true }), demoPlan({ isQuick: false })];
    expect(full.cases).toBe(2 * quick.cases);
    expect(quick.epochs).toBeUndefined();
    expect(full.epochs).toBeGreaterThan(1);
  });

  it('numbers its steps and says how to go on after training was stopped', () => {
    expect(stepHeading('phantom')).toMatch(/^1\/8 /);
    expect(stepHeading('report')).toMatch(/^8\/8 /);
    expect(howToGoOn('train', '/w s', 'meta-1')).toContain('ilium train --resume meta-1 --workspace "/w s"');
    expect(howToGoOn('import', '/w')).toContain('/w; start afresh');
    expect(howToGoOn('synthesize', '/w', 'meta-1')).toContain('ilium export-model meta-1');
  });
});
