import { spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PacsClient } from '../../../../src-main/services/pacs/pacsClient.ts';
import { webNodeSchema } from '../../../../src-main/services/pacs/pacsNode.ts';
import { createWebClient } from '../../../../src-main/services/pacs/web/webClient.ts';
import { hasProgram } from '../../../fixtures/networkSpace.ts';

const isOpensslThere = hasProgram('openssl');

/** A service with a certificate of its own making, as hospitals have them. */
describe.skipIf(!isOpensslThere)('DICOMweb over TLS', () => {
  let folder: string;
  let server: Server;
  let certificate: string;
  const authorizations: (string | undefined)[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ilium-tls-'));
    certificate = join(folder, 'certificate.pem');
    const key = join(folder, 'key.pem');
    const made = spawnSync('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-keyout', key, '-out', certificate, '-subj', '/CN=pacs', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ]);
    expect(made.status).toBe(0);
    server = createServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (request, response) => {
        authorizations.push(request.headers.authorization);
        response.end('[]');
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function clientTo(more: object): PacsClient {
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const node = { kind: 'dicomweb', name: 'web', url, auth: 'bearer', ...more };
    return createWebClient(webNodeSchema.parse(node), 'token');
  }
  const fingerprint = (): string =>
    createHash('sha256')
      .update(new X509Certificate(readFileSync(certificate)).raw)
      .digest('hex');

  it('is refused where nothing vouches for the certificate, before the token is sent', async () => {
    await expect(clientTo({}).echo()).rejects.toThrow('its certificate is not trusted');
    expect(authorizations).toEqual([]);
  });

  it('is taken with the authority in a file, or by its fingerprint', async () => {
    await clientTo({ caFile: certificate }).echo();
    await clientTo({ fingerprint: fingerprint() }).echo();
    const colons = fingerprint().toUpperCase().match(/../g)?.join(':');
    await clientTo({ fingerprint: colons }).echo();
    expect(authorizations).toEqual(['Bearer token', 'Bearer token', 'Bearer token']);
  });

  it('is refused with another fingerprint, before the token is sent', async () => {
    authorizations.length = 0;
    await expect(clientTo({ fingerprint: 'ab'.repeat(32) }).echo()).rejects.toThrow(
      'its certificate is not the one that is expected',
    );
    expect(authorizations).toEqual([]);
  });

  it('names the file of authorities that is not there', async () => {
    await expect(clientTo({ caFile: join(folder, 'none.pem') }).echo()).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});
