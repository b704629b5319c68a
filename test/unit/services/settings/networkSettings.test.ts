import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createNetworkSettings,
  networkEditSchema,
  type NetworkSettings,
} from '../../../../src-main/services/settings/networkSettings.ts';

let folder: string;
let network: NetworkSettings;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-network-'));
  network = createNetworkSettings(folder, join(folder, 'user'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const web = { kind: 'dicomweb', name: 'web', url: 'https://pacs.example/dicom-web', auth: 'bearer' };
const edit = (nodes: unknown[]): ReturnType<typeof networkEditSchema.parse> =>
  networkEditSchema.parse({ local: {}, nodes });

describe('settings of the network', () => {
  it('are our usual AE title on loopback and no nodes at first', async () => {
    expect(await network.view()).toEqual({
      local: { aeTitle: 'ILIUM', port: 11112, host: '127.0.0.1' },
      nodes: [],
    });
  });

  it('keep a secret where only its owner can read it, and never show it again', async () => {
    const view = await network.write(edit([{ node: web, secret: 's3cret' }]));
    expect(view.nodes[0]).toMatchObject({ hasSecret: true, node: { name: 'web' } });
    expect(JSON.stringify(view)).not.toContain('s3cret');
    expect(readFileSync(join(folder, 'network.json'), 'utf8')).not.toContain('s3cret');
    expect(statSync(join(folder, 'user/network-secrets.json')).mode & 0o777).toBe(0o600);
    expect(await network.open('web')).toMatchObject({ secret: 's3cret' });
  });

  it('keep a secret that is not sent again, drop one that is emptied and that of a removed node', async () => {
    const [node] = (await network.write(edit([{ node: web, secret: 'a' }]))).nodes;
    const nodeId = node?.nodeId ?? '';
    await network.write(edit([{ nodeId, node: { ...web, name: 'renamed' } }]));
    expect(await network.open(nodeId)).toMatchObject({ secret: 'a', node: { name: 'renamed' } });
    await network.write(edit([{ nodeId, node: web, secret: '' }]));
    expect(await network.open(nodeId)).toMatchObject({ secret: '' });
    await network.write(edit([{ nodeId, node: web, secret: 'b' }]));
    await network.write(edit([]));
    expect(readFileSync(join(folder, 'user/network-secrets.json'), 'utf8')).not.toContain('"b"');
  });

  it('drop a secret that was typed for another service or another way to sign in', async () => {
    const [node] = (await network.write(edit([{ node: web, secret: 'a' }]))).nodes;
    const nodeId = node?.nodeId ?? '';
    const secretWith = async (change: object): Promise<string> => {
      await network.write(edit([{ nodeId, node: web, secret: 'a' }]));
      await network.write(edit([{ nodeId, node: { ...web, ...change } }]));
      return (await network.open(nodeId)).secret;
    };
    expect(await secretWith({ url: 'https://pacs.example/other' })).toBe('a');
    expect(await secretWith({ url: 'https://elsewhere.example/dicom-web' })).toBe('');
    expect(await secretWith({ url: 'http://pacs.example/dicom-web' })).toBe('');
    expect(await secretWith({ url: 'https://pacs.example:8443/dicom-web' })).toBe('');
    expect(await secretWith({ auth: 'basic', user: 'u' })).toBe('');
  });

  it('write no file of secrets where there are none', async () => {
    await network.write(edit([{ node: { ...web, auth: 'none' } }]));
    expect(existsSync(join(folder, 'user'))).toBe(false);
  });

  it('leave the secrets of other workspaces alone', async () => {
    const other = createNetworkSettings(join(folder, 'other'), join(folder, 'user'));
    await other.write(edit([{ node: web, secret: 'theirs' }]));
    await network.write(edit([{ node: web, secret: 'ours' }]));
    await network.write(edit([]));
    expect(await other.open('web')).toMatchObject({ secret: 'theirs' });
  });

  it('say which node is not there', async () => {
    await expect(network.open('nobody')).rejects.toThrow('There is no network node nobody.');
    await expect(network.write(edit([{ nodeId: 'x', node: web }]))).rejects.toThrow('there is no node x');
  });

  it.each([
    [
      'an AE title that is too long',
      { kind: 'dimse', name: 'a', host: 'h', port: 1, aeTitle: 'A'.repeat(17) },
    ],
    ['a port that is none', { kind: 'dimse', name: 'a', host: 'h', port: 70000, aeTitle: 'A' }],
    ['another protocol than HTTP', { kind: 'dicomweb', name: 'a', url: 'file:///etc/passwd' }],
    ['a fingerprint that is none', { ...web, fingerprint: 'abc' }],
  ])('refuse %s', (_name, node) => {
    expect(networkEditSchema.safeParse({ local: {}, nodes: [{ node }] }).success).toBe(false);
  });
});
