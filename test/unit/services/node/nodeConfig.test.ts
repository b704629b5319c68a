import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  nodeConfigSchema,
  readNodeConfig,
  readPeerSecret,
} from '../../../../src-main/services/node/nodeConfig.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-node-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const destination = { kind: 'dimse', name: 'archive', host: 'h', port: 104, aeTitle: 'PACS' };
const least = { receiver: {}, rules: [{ model: 'm' }], destinations: [destination] };

describe('the configuration', () => {
  it('needs a model and a destination, and fills in the rest', () => {
    expect(nodeConfigSchema.parse(least)).toMatchObject({
      receiver: { aeTitle: 'ILIUM', port: 11112, host: '127.0.0.1' },
      rules: [{ modality: 'MR', model: 'm' }],
      completeness: { quietSeconds: 30, longestWaitSeconds: 900 },
      retry: { firstSeconds: 30, longestSeconds: 3600 },
      amber: 'hold',
    });
  });

  it.each([
    ['destinations: two have the same name', { ...least, destinations: [destination, destination] }],
    [
      'rules[0].destinations: there is no destination x',
      { ...least, rules: [{ model: 'm', destinations: ['x'] }] },
    ],
    [
      'rules[0].description: is no regular expression',
      { ...least, rules: [{ model: 'm', description: '(' }] },
    ],
    ['rules: Too small', { ...least, rules: [] }],
    ['rule: Unrecognized key', { ...least, rule: [] }],
  ])('is refused with the place: %s', async (message, config) => {
    const path = join(folder, 'node.json');
    writeFileSync(path, JSON.stringify(config));
    await expect(readNodeConfig(path)).rejects.toMatchObject({
      code: 'NODE_CONFIG_INVALID',
      message: expect.stringContaining(`${path}: ${message}`),
    });
  });

  it('names a file that holds the password, beside itself', async () => {
    writeFileSync(join(folder, 'token'), 's3cret\n');
    const peer = { kind: 'dicomweb', name: 'w', url: 'https://w/', auth: 'bearer', secretFile: 'token' };
    const config = nodeConfigSchema.parse({ ...least, destinations: [peer] });
    expect(await readPeerSecret(config.destinations[0]!, join(folder, 'node.json'))).toBe('s3cret');
    rmSync(join(folder, 'token'));
    await expect(readPeerSecret(config.destinations[0]!, join(folder, 'node.json'))).rejects.toThrow(
      'ENOENT',
    );
  });
});
