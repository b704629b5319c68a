/** The network against real peers: Orthanc and dcmtk's tools, in a network of their own. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PacsSeries, PacsStudy } from '../../src-main/api/contract/network.ts';
import { encodeFileMeta, readFileMeta } from '../../src-main/formats/dicom/fileMeta.ts';
import { readSeriesIdentity } from '../../src-main/formats/dicom/seriesIdentity.ts';
import { readAudit } from '../../src-main/services/audit/auditLog.ts';
import { listScts } from '../../src-main/services/library/listScts.ts';
import { listSeriesStates, type SeriesState } from '../../src-main/services/node/seriesState.ts';
import { openWorkspace } from '../../src-main/services/workspace/openWorkspace.ts';
import { writePhantom } from '../../src-main/workflows/phantom/writePhantom.ts';
import { buildDicom } from '../fixtures/dicomBuilder.ts';
import { hasProgram, openNetworkSpace, type NetworkSpace } from '../fixtures/networkSpace.ts';
import {
  hasOrthanc,
  orthancNode,
  orthancPorts,
  orthancUrl,
  orthancUser,
  startOrthanc,
} from '../fixtures/orthanc.ts';

const isOrthancThere = hasOrthanc();
const isDcmtkThere = ['storescu', 'storescp', 'findscu', 'movescu', 'echoscu'].every(hasProgram);
const secret = { ILIUM_PACS_SECRET: orthancUser.password };
const nodePort = 21_112;

let folder: string;
let space: NetworkSpace;
/** A phantom patient's MR as DICOM. */
let mr: string;
let study: string;
let orthanc: ChildProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-pacs-'));
  space = await openNetworkSpace({ ILIUM_WORKSPACE: join(folder, 'workspace') });
  const out = join(folder, 'phantom');
  await writePhantom({
    out,
    cases: 1,
    seed: 5,
    format: 'dicom',
    sizePx: [96, 64],
    spacingMm: 4,
    slices: 16,
    misalignMm: 2,
  });
  mr = join(out, 'dicom/PHANTOM-001/MR');
  const [first = ''] = readdirSync(mr);
  study = readSeriesIdentity(readFileSync(join(mr, first)), first).studyInstanceUid;
  if (isOrthancThere) orthanc = await startArchive();
});
afterAll(async () => {
  await space.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const startArchive = (): Promise<ChildProcess> =>
  startOrthanc(space, join(folder, 'orthanc'), { ILIUM: 11_112, NODE: nodePort });

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

describe.skipIf(!isOrthancThere)('Orthanc', () => {
  it('is sent an MR by C-STORE, and tells of it by C-FIND and QIDO-RS alike', () => {
    expect(space.ilium(['pacs', 'send', orthancNode, mr])).toEqual({ node: 'ORTHANC', files: 16 });
    const query = ['--modality', 'MR', '--patient-id', 'PHANTOM-*', '--from', '2000-01-01'];
    const [byDimse, byWeb] = [orthancNode, orthancUrl].map(
      (node) => space.ilium<{ studies: PacsStudy[] }>(['pacs', 'find', node, ...query], secret).studies,
    );
    expect(byDimse).toMatchObject([{ patientId: 'PHANTOM-001', modalities: ['MR'], instances: 16 }]);
    expect(byWeb).toEqual(byDimse);
    expect(byDimse?.[0]?.studyInstanceUid).toBe(study);
    const [series, seriesByWeb] = [orthancNode, orthancUrl].map(
      (node) =>
        space.ilium<{ series: PacsSeries[] }>(['pacs', 'find', node, '--study', study], secret).series,
    );
    expect(series).toMatchObject([{ modality: 'MR', instances: 16 }]);
    expect(seriesByWeb).toEqual(series);
    const none = ['pacs', 'find', orthancNode, '--to', '1999-12-31'];
    expect(space.ilium(none)).toMatchObject({ studies: [] });
  });

  it.each([
    ['C-GET', [orthancNode, '--retrieve', 'get']],
    ['C-MOVE to our receiver', [orthancNode, '--retrieve', 'move']],
    ['WADO-RS', [orthancUrl]],
  ])('gives back by %s what it was sent, data sets byte by byte', async (_way, [node = '', ...more]) => {
    const out = join(folder, `got ${more.join('')}`);
    const got = space.ilium(['pacs', 'get', node, '--study', study, '--out', out, ...more], secret);
    expect(got).toMatchObject({ files: 16 });
    const dataSets = (place: string): string[] =>
      readdirSync(place).map((name) => {
        const bytes = readFileSync(join(place, name));
        return bytes.subarray(readFileMeta(bytes, name).dataSetOffset).toString('base64');
      });
    expect(dataSets(out).sort()).toEqual(dataSets(mr).sort());
    const noted = (await readAudit({ directory: join(folder, 'workspace') })).entries;
    expect(noted[0]).toMatchObject({ action: 'send', details: { node: 'ORTHANC', files: 16 } });
    expect(noted.at(-1)).toMatchObject({ action: 'receive', details: { files: 16 } });
  });

  it('keeps private elements of what passes through us', () => {
    const meta = {
      sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
      sopInstanceUid: '1.2.3.4.5',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    };
    const dataSet = buildDicom({
      meta: 'none',
      preamble: false,
      modality: 'MR',
      sopInstanceUid: meta.sopInstanceUid,
      seriesInstanceUid: '1.2.3.4',
      extra: [
        { tag: '0020000d', vr: 'UI', value: '1.2.3' },
        { tag: '00080016', vr: 'UI', value: meta.sopClassUid },
        { tag: '00290010', vr: 'LO', value: 'ILIUM TEST' },
        { tag: '00291010', vr: 'LO', value: 'kept as it is' },
      ],
    });
    const path = join(folder, 'private.dcm');
    writeFileSync(path, Buffer.concat([encodeFileMeta(meta), dataSet]));
    space.ilium(['pacs', 'send', orthancUrl, path], secret);
    const out = join(folder, 'private');
    space.ilium(['pacs', 'get', orthancNode, '--study', '1.2.3', '--out', out]);
    const [name = ''] = readdirSync(out);
    expect(readFileSync(join(out, name)).includes('kept as it is')).toBe(true);
  });

  it('refuses a wrong password and an AE title it does not know, and we say so', () => {
    expect(space.ilium(['pacs', 'echo', orthancUrl], { ILIUM_PACS_SECRET: 'wrong' })).toMatchObject({
      error: { code: 'PACS_REFUSED' },
    });
    const unknown = ['pacs', 'find', orthancNode, '--aet', 'STRANGER'];
    expect(space.ilium(unknown)).toMatchObject({ error: { code: 'PACS_FAILED' } });
    expect(space.ilium(['pacs', 'echo', 'WRONG@127.0.0.1:' + String(orthancPorts.dicom)])).toMatchObject({
      error: { code: 'PACS_REFUSED' },
    });
    expect(space.ilium(['pacs', 'echo', 'NOBODY@127.0.0.1:1'])).toMatchObject({
      error: { code: 'PACS_UNREACHABLE' },
    });
  });
});

describe.skipIf(!isOrthancThere || !isDcmtkThere)(
  'the loop MR → archive → ilium node → sCT in the archive → library',
  () => {
    let config: string;
    let workspace: string;
    let node: ReturnType<NetworkSpace['startIlium']>;

    beforeAll(() => {
      workspace = join(folder, 'node');
      config = join(folder, 'node.json');
      writeFileSync(
        config,
        JSON.stringify({
          receiver: { aeTitle: 'NODE', port: nodePort, callers: ['ORTHANC', 'SCANNER', 'SAGITTAL'] },
          rules: [
            { modality: 'MR', description: 't1w', caller: 'ORTHANC', model: 'bundled:phantom' },
            { modality: 'MR', caller: 'SAGITTAL', model: 'bundled:phantom' },
          ],
          destinations: [
            {
              kind: 'dimse',
              name: 'archive',
              host: '127.0.0.1',
              port: orthancPorts.dicom,
              aeTitle: 'ORTHANC',
            },
          ],
          source: {
            kind: 'dimse',
            name: 'archive',
            host: '127.0.0.1',
            port: orthancPorts.dicom,
            aeTitle: 'ORTHANC',
          },
          completeness: { quietSeconds: 1 },
          retry: { firstSeconds: 1, longestSeconds: 2 },
        }),
      );
    });

    const startNode = async (): Promise<void> => {
      node = space.startIlium(['node', '--config', config, '--workspace', workspace]);
      await until(() => Promise.resolve(node.lines.some((line) => line.includes('NODE listens'))));
    };

    async function until(isSo: () => Promise<boolean>): Promise<void> {
      for (let tries = 0; tries < 300; tries++) {
        if (await isSo()) return;
        if (node.child.exitCode !== null) break;
        await pause(100);
      }
      throw new Error(`It did not come to that:\n${node.lines.join('\n')}`);
    }
    const stateIs = (check: (state: SeriesState) => boolean): Promise<void> =>
      until(async () => (await listSeriesStates(workspace)).some(check));

    it('survives an archive that is down and a node that is killed, and the sCT opens beside its MR', async () => {
      expect(space.ilium(['pacs', 'send', orthancNode, mr])).toMatchObject({ files: 16 });
      await startNode();
      expect(
        space.run('echoscu', ['-aet', 'SCANNER', '-aec', 'NODE', '127.0.0.1', String(nodePort)]).code,
      ).toBe(0);
      const move = [
        '-S',
        '-aet',
        'ILIUM',
        '-aem',
        'NODE',
        '-aec',
        'ORTHANC',
        '127.0.0.1',
        String(orthancPorts.dicom),
      ];
      const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${study}`];
      expect(space.run('movescu', [...move, ...keys]).code).toBe(0);

      // The bundled model knows little of what it was trained on: its gate is amber, and a person lets the sCT go.
      await stateIs(({ status }) => status === 'held');
      const [held] = await listSeriesStates(workspace);
      expect(held).toMatchObject({ sentTo: [], reason: { code: 'GATE_AMBER' } });
      // The archive goes down, and the node is killed while it tries again and again.
      await kill(orthanc);
      space.ilium(['node', 'release', held?.seriesId ?? '', '--workspace', workspace]);
      await stateIs(({ reason, attempts }) => reason?.code === 'PACS_UNREACHABLE' && attempts > 0);
      await kill(node.child);
      orthanc = await startArchive();
      await startNode();
      await stateIs(({ status }) => status === 'done');
      const [done] = await listSeriesStates(workspace);
      expect(done).toMatchObject({
        status: 'done',
        images: 16,
        sentTo: ['archive'],
        modelId: 'bundled:phantom',
      });
      expect(readdirSync(join(workspace, 'exports'))).toEqual([expect.stringMatching(/\.receipt\.json$/)]);
      expect(node.lines.join('\n')).not.toMatch(/phantom\^|PHANTOM-001/i);

      // Query: the sCT is in the MR's study.
      const find = ['pacs', 'find', orthancNode, '--study', study];
      const { series } = space.ilium<{ series: PacsSeries[] }>(find);
      expect(series).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            modality: 'CT',
            instances: 16,
            description: expect.stringContaining('sCT'),
          }),
        ]),
      );
      const found = space.run('findscu', [
        ...['-S', '-aet', 'ILIUM', '-aec', 'ORTHANC', '127.0.0.1', String(orthancPorts.dicom)],
        ...[
          '-k',
          'QueryRetrieveLevel=SERIES',
          '-k',
          `StudyInstanceUID=${study}`,
          '-k',
          'Modality=CT',
          '-k',
          'SeriesInstanceUID',
        ],
      ]);
      const sct = series.find(({ modality }) => modality === 'CT')?.seriesInstanceUid ?? '-';
      expect(found.out + found.err).toContain(sct);

      // Retrieve and import: one case, the sCT beside its MR.
      const library = join(folder, 'library');
      const imported = space.ilium<{ cases: { caseId: string; volumes: string[] }[] }>([
        ...['pacs', 'get', orthancNode, '--study', study, '--workspace', library],
      ]);
      expect(imported.cases).toMatchObject([{ volumes: ['mr'] }]);
      const opened = await openWorkspace(library);
      const caseId = imported.cases[0]?.caseId ?? '';
      const [record] = await listScts(opened, caseId);
      const made = (await listScts(await openWorkspace(workspace), done?.caseId ?? ''))[0];
      expect(record?.model).toMatchObject({ name: made?.model.name, weightHash: made?.model.weightHash });
      expect((await opened.readCase(caseId)).ct).toBeUndefined();
    });

    it('keeps a series that the gate stops, with the reason, and never sends it', async () => {
      const sagittal = join(folder, 'sagittal');
      mkdirSync(sagittal);
      for (const name of readdirSync(mr)) {
        writeFileSync(join(sagittal, name), asSagittal(readFileSync(join(mr, name))));
      }
      const send = ['-aet', 'SAGITTAL', '-aec', 'NODE', '127.0.0.1', String(nodePort), '+sd', sagittal];
      expect(space.run('storescu', send)).toMatchObject({ code: 0 });
      await stateIs(({ status }) => status === 'stopped');
      const list = (): SeriesState | undefined =>
        space
          .ilium<{ series: SeriesState[] }>(['node', 'status', '--workspace', workspace])
          .series.find(({ caller }) => caller === 'SAGITTAL');
      expect(list()).toMatchObject({ sentTo: [], reason: { code: 'GATE_STOPPED' } });
      const { seriesId = '', round } = list() ?? {};
      expect(readdirSync(join(workspace, 'node/series', seriesId, 'received'))).toHaveLength(16);

      // Tried again it is judged again.
      space.ilium(['node', 'retry', seriesId, '--workspace', workspace]);
      await stateIs((state) => state.seriesId === seriesId && state.status === 'waiting');
      await stateIs((state) => state.seriesId === seriesId && state.status === 'stopped');
      expect(list()).toMatchObject({ round, sentTo: [] });
    });

    it('takes images that dcmtk sends, and leaves a series alone that no rule is for', async () => {
      const send = ['-aet', 'SCANNER', '-aec', 'NODE', '127.0.0.1', String(nodePort), '+sd', mr];
      expect(space.run('storescu', send)).toMatchObject({ code: 0 });
      await stateIs(({ status, caller }) => status === 'ignored' && caller === 'SCANNER');
      const stranger = ['-aet', 'STRANGER', '-aec', 'NODE', '127.0.0.1', String(nodePort)];
      expect(space.run('echoscu', stranger).code).not.toBe(0);
      const ended = once(node.child, 'close');
      node.child.kill('SIGINT');
      expect((await ended)[0]).toBe(130);
    });
  },
);

/** The same slices as another series, said to be sagittal: orientation turned, x and z of the position exchanged. Texts keep their length. */
function asSagittal(file: Buffer): Buffer {
  let text = file.toString('latin1');
  const change = (tag: string, make: (value: string) => string): void => {
    const at = text.indexOf(tag) + 8;
    const length = text.charCodeAt(at - 2) + 256 * text.charCodeAt(at - 1);
    const value = text.slice(at, at + length);
    const changed = make(value.trim()).padEnd(length);
    if (changed.length !== length) throw new RangeError(`${value} cannot become ${changed}.`);
    text = text.slice(0, at) + changed + text.slice(at + length);
  };
  change('\x20\x00\x0e\x00UI', (uid) =>
    uid.replace(/\d(\0?)$/, (digit) => (digit[0] === '7' ? '8' : '7') + digit.slice(1)),
  );
  change('\x20\x00\x37\x00DS', () => '0\\1\\0\\0\\0\\-1');
  change('\x20\x00\x32\x00DS', (position) => position.split('\\').reverse().join('\\'));
  return Buffer.from(text, 'latin1');
}

describe.skipIf(!isDcmtkThere)('storescp', () => {
  it('takes what we send, also where it wants implicit little endian', async () => {
    for (const [name, options] of [
      ['any', []],
      ['implicit', ['+xi']],
    ] as const) {
      const out = join(folder, `storescp ${name}`);
      mkdirSync(out);
      const { child } = space.start('storescp', [...options, '-aet', 'STORESCP', '-od', out, '25104']);
      let answer: unknown;
      for (let tries = 0; tries < 20; tries++) {
        answer = space.ilium(['pacs', 'send', 'STORESCP@127.0.0.1:25104', mr]);
        if (!JSON.stringify(answer).includes('PACS_UNREACHABLE')) break;
      }
      expect(answer).toMatchObject({ files: 16 });
      expect(readdirSync(out)).toHaveLength(16);
      await kill(child);
    }
  });
});
