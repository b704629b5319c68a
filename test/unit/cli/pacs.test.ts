import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pacsCommand } from '../../../src-main/cli/pacs.ts';
import { runProgram } from '../../../src-main/cli/program.ts';
import { encodeFileMeta } from '../../../src-main/formats/dicom/fileMeta.ts';
import { readAudit } from '../../../src-main/services/audit/auditLog.ts';
import { openReceiver, type Receiver } from '../../../src-main/services/pacs/dimse/receiver.ts';
import type { InstanceSink } from '../../../src-main/services/pacs/dimse/storageScp.ts';
import { AppError } from '../../../src-main/shared/appError.ts';
import { buildDicom } from '../../fixtures/dicomBuilder.ts';

let folder: string;
let workspace: string;
let receiver: Receiver;
/** An image that the receiver does not take. */
let refused: string | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-cli-pacs-'));
  workspace = join(folder, 'workspace');
  const arriving = join(folder, 'arriving');
  mkdirSync(arriving);
  refused = undefined;
  const sink: InstanceSink = {
    folder: arriving,
    take: async ({ path, sopInstanceUid }) => {
      await rm(path);
      if (sopInstanceUid === refused) throw new AppError('DISK_FULL', { path });
    },
  };
  receiver = await openReceiver({ aeTitle: 'PEER', host: '127.0.0.1', port: 0, sink });
});
afterEach(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

const ilium = async (...args: string[]): Promise<number> =>
  runProgram([pacsCommand], [...args, '--workspace', workspace], {
    out: () => undefined,
    err: { write: () => undefined },
    env: {},
    defaultWorkspace: () => workspace,
  });
const peer = (): string => `PEER@127.0.0.1:${receiver.port}`;

function images(): string {
  const place = join(folder, 'Doe^Jane');
  mkdirSync(place);
  for (const instance of [1, 2]) {
    const meta = {
      sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
      sopInstanceUid: `1.2.3.${instance}`,
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    };
    const { sopInstanceUid } = meta;
    const dataSet = buildDicom({ meta: 'none', preamble: false, sopInstanceUid, seriesInstanceUid: '1.2.3' });
    writeFileSync(join(place, `${instance}.dcm`), Buffer.concat([encodeFileMeta(meta), dataSet]));
  }
  return place;
}

describe('ilium pacs send', () => {
  it('notes in the audit log how many images went where, and which, without a name', async () => {
    const place = images();
    expect(await ilium('pacs', 'send', peer(), place)).toBe(0);
    const { entries } = await readAudit({ directory: workspace });
    const sum = 'sha256sum * | cut -c1-64 | LC_ALL=C sort | sha256sum | cut -c1-64';
    expect(entries).toMatchObject([
      {
        action: 'send',
        subject: '',
        outputs: { files: execFileSync('sh', ['-c', sum], { cwd: place, encoding: 'utf8' }).trim() },
        details: { files: 2 },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('Doe');
  });

  it('notes that images have left although not all were taken', async () => {
    const place = images();
    refused = '1.2.3.2';
    expect(await ilium('pacs', 'send', peer(), place)).toBe(2);
    const { entries } = await readAudit({ directory: workspace });
    expect(entries).toMatchObject([{ action: 'send', details: { files: 2, complete: false } }]);
  });

  it('notes nothing when nothing was sent', async () => {
    expect(await ilium('pacs', 'send', 'PEER@127.0.0.1:1', images())).toBe(2);
    expect((await readAudit({ directory: workspace })).entries).toEqual([]);
    expect(readdirSync(folder)).not.toContain('workspace');
  });
});
