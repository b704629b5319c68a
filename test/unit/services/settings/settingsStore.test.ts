import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../../src-main/api/contract/session.ts';
import {
  createSettingsStore,
  type SettingsStore,
} from '../../../../src-main/services/settings/settingsStore.ts';
import type { Finding } from '../../../../src-main/shared/finding.ts';

let folder: string;
let store: SettingsStore;
let findings: Finding[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-settings-'));
  findings = [];
  store = createSettingsStore(folder, (finding) => findings.push(finding));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (): string => join(folder, 'settings.json');
const defaults: Settings = {
  theme: 'system',
  locale: 'system',
  device: 'auto',
  restoreSession: true,
  uidRoot: '',
  resampleUneven: false,
};
const chosen: Settings = {
  theme: 'light',
  locale: 'de',
  device: 'webgpu',
  restoreSession: false,
  uidRoot: '',
  resampleUneven: false,
};

describe('settings', () => {
  it('are the defaults, without a word, where none were made', async () => {
    expect(await store.read()).toEqual(defaults);
    expect(findings).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are kept in a file with a schema version', async () => {
    await store.write(chosen);
    expect(await store.read()).toEqual(chosen);
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual({ schemaVersion: 1, settings: chosen });
  });

  it.each([
    ['torn', '{"schemaVersion": 1, "sett'],
    ['of another version', '{"schemaVersion": 2, "settings": {}}'],
    [
      'with a value that is none',
      JSON.stringify({ schemaVersion: 1, settings: { ...chosen, theme: 'pink' } }),
    ],
  ])('that are %s give the defaults and one notice, and can be made anew', async (_, text) => {
    writeFileSync(path(), text);
    expect(await store.read()).toEqual(defaults);
    await store.read();
    expect(findings).toEqual([
      {
        code: 'settings-damaged',
        severity: 'warning',
        subject: path(),
        details: { reason: expect.stringContaining('settings.json') },
      },
    ]);
    await store.write(chosen);
    expect(await store.read()).toEqual(chosen);
  });
});
