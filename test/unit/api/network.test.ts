import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NetworkTest, NetworkView } from '../../../src-main/api/contract/network.ts';
import { openReceiver, type Receiver } from '../../../src-main/services/pacs/dimse/receiver.ts';
import { openApiWorld, type ApiWorld } from '../../fixtures/apiWorld.ts';

let world: ApiWorld;
let receiver: Receiver;
beforeEach(async () => {
  world = await openApiWorld();
  const sink = { folder: world.folder, take: (): Promise<void> => Promise.resolve() };
  receiver = await openReceiver({ aeTitle: 'PACS', host: '127.0.0.1', port: 0, sink });
});
afterEach(async () => {
  await receiver.close();
  await world.dispose();
});

const local = { aeTitle: 'ILIUM', port: 11112, host: '127.0.0.1' };
const dimse = (aeTitle: string): object => ({
  kind: 'dimse',
  name: 'archive',
  host: '127.0.0.1',
  port: receiver.port,
  aeTitle,
});

async function put(node: object, secret?: string): Promise<NetworkView> {
  const nodes = [{ node, ...(secret === undefined ? {} : { secret }) }];
  return (await (await world.send('PUT', '/api/network', { local, nodes })).json()) as NetworkView;
}

describe('the network', () => {
  it('is set up, and a secret never comes back', async () => {
    const web = { kind: 'dicomweb', name: 'web', url: 'https://pacs/dicom-web', auth: 'bearer' };
    await put(web, 's3cret');
    const answer = await world.request('/api/network');
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ local, nodes: [{ hasSecret: true, node: { url: web.url } }] });
    expect(text).not.toContain('s3cret');
    const path = join(world.folder, 'secrets', 'network-secrets.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const others = readdirSync(world.folder).filter((name) => name.endsWith('.json'));
    for (const name of others) expect(readFileSync(join(world.folder, name), 'utf8')).not.toContain('s3cret');
  });

  it.each([
    ['PACS', { ok: true, error: null }],
    ['OTHER', { ok: false, error: { code: 'PACS_REFUSED' } }],
  ])('is tested: a node called %s', async (aeTitle, expected) => {
    const { nodes } = await put(dimse(aeTitle));
    const answer = await world.send('POST', `/api/network/nodes/${nodes[0]!.nodeId}/test`);
    expect((await answer.json()) as NetworkTest).toMatchObject(expected);
  });

  it('says of a node that answers no searches that it does not', async () => {
    const { nodes } = await put(dimse('PACS'));
    const answer = await world.send('POST', `/api/network/nodes/${nodes[0]!.nodeId}/studies`, {
      modality: 'MR',
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'PACS_REFUSED' } });
  });

  it('refuses nodes and searches that cannot be, with the place', async () => {
    const bad = await world.send('PUT', '/api/network', { local, nodes: [{ node: { kind: 'ftp' } }] });
    expect(bad.status).toBe(400);
    const { nodes } = await put(dimse('PACS'));
    const path = `/api/network/nodes/${nodes[0]!.nodeId}/studies`;
    const odd = await world.send('POST', path, { dateFrom: 'yesterday' });
    expect(await odd.json()).toMatchObject({ error: { code: 'BAD_REQUEST' } });
    const missing = await world.send('POST', '/api/network/nodes/nobody/test');
    expect(await missing.json()).toMatchObject({ error: { code: 'PACS_NODE_NOT_FOUND' } });
  });

  it('sends only what was exported and verified', async () => {
    const { nodes } = await put(dimse('PACS'));
    const start = { kind: 'send', nodeId: nodes[0]!.nodeId, path: world.folder };
    const answer = await world.send('POST', '/api/jobs', start);
    expect(await answer.json()).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
  });
});
