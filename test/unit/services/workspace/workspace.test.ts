import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../../../src-main/services/workspace/caseRecord.ts';
import { defaultWorkspace } from '../../../../src-main/services/workspace/defaultWorkspace.ts';
import {
  openWorkspace,
  workspaceAt,
  type Workspace,
} from '../../../../src-main/services/workspace/openWorkspace.ts';
import { temporaryName } from '../../../../src-main/workflows/files/temporaryName.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';

let folder: string;
let workspace: Workspace;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-workspace-'));
  workspace = await openWorkspace(join(folder, 'new', 'place'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const volume: Volume = {
  grid: { size: [2, 2, 2], indexToLps: [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 2.5, 7] },
  data: Int16Array.of(-1024, 0, 1, 2, 3, 4, 5, 3000),
};

function pair(caseId: string): CaseRecord {
  return {
    schemaVersion: 1,
    caseId,
    label: caseId,
    importedAt: '2026-01-02T03:04:05.000Z',
    mr: { file: 'mr.nii', kind: 'nifti', name: 'mr.nii.gz' },
    ct: { file: 'ct.nii', kind: 'nifti', name: 'ct.nii.gz' },
  };
}

describe('the workspace', () => {
  it('is looked at without being made', async () => {
    const absent = workspaceAt(join(folder, 'absent'));
    expect(await absent.listCases()).toEqual([]);
    expect(await absent.listCohortStudies()).toEqual([]);
    expect(readdirSync(folder)).toEqual(['new']);
  });

  it('is made where it is not there yet, and starts empty', async () => {
    expect(await workspace.listCases()).toEqual([]);
    expect(await workspace.readCohort()).toEqual({ schemaVersion: 1, cases: [] });
    expect(await openWorkspace(workspace.directory)).toMatchObject({ directory: workspace.directory });
  });

  it('keeps cases with their volumes', async () => {
    await workspace.writeVolume('1PA002', 'mr', volume);
    await workspace.writeVolume('1PA002', 'ct', volume);
    await workspace.writeCase(pair('1PA002'));
    expect(await workspace.readCase('1PA002')).toEqual(pair('1PA002'));
    expect(await workspace.readVolume('1PA002', 'ct')).toEqual(volume);
    expect((await workspace.listCases()).map(({ caseId }) => caseId)).toEqual(['1PA002']);
  });

  it('does not list an import that did not end', async () => {
    await workspace.writeVolume('half', 'mr', volume);
    mkdirSync(join(workspace.casesDirectory, '.hidden'));
    expect(await workspace.listCases()).toEqual([]);
  });

  it('sweeps away what a killed import left half-written', async () => {
    await workspace.writeVolume('a', 'mr', volume);
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const left = temporaryName(workspace.volumePath('a', 'ct')).replace(`-${process.pid}-`, `-${dead}-`);
    writeFileSync(left, 'half');
    await openWorkspace(workspace.directory);
    expect(readdirSync(join(workspace.casesDirectory, 'a'))).toEqual(['mr.nii']);
  });

  it('has no case under a name that leads elsewhere, and no volume the record does not name', async () => {
    for (const caseId of ['../cases', '', 'a/b', 'none']) {
      await expect(workspace.readCase(caseId)).rejects.toMatchObject({ code: 'CASE_NOT_FOUND' });
    }
    await workspace.writeCase(pair('a'));
    await expect(workspace.readVolume('a', 'mask')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(workspace.readVolume('a', 'mr')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('says what is wrong with a damaged record', async () => {
    await workspace.writeCase(pair('a'));
    writeFileSync(
      join(workspace.casesDirectory, 'a', 'case.json'),
      JSON.stringify({ ...pair('a'), mr: { file: '../x' } }),
    );
    await expect(workspace.listCases()).rejects.toMatchObject({ code: 'RECORD_INVALID' });
  });
});

describe('the cohort', () => {
  const write = (cohort: unknown): void => writeFileSync(workspace.cohortPath, JSON.stringify(cohort));

  it('gives the paths of every case that is not excluded', async () => {
    await workspace.writeCase(pair('a'));
    await workspace.writeCase({ ...pair('b'), mask: { file: 'mask.nii' } });
    await workspace.writeCohort({
      schemaVersion: 1,
      cases: [
        { caseId: 'a', role: 'train', mutualInformation: 0.7 },
        { caseId: 'b', role: 'meta', center: 'A' },
        { caseId: 'gone', role: 'excluded', reason: 'metal' },
      ],
    });
    const studies = await workspace.listCohortStudies();
    expect(studies.map(({ caseId, role, maskPath }) => [caseId, role, maskPath !== undefined])).toEqual([
      ['a', 'train', false],
      ['b', 'meta', true],
    ]);
    expect(studies[0]!.ctPath).toBe(workspace.volumePath('a', 'ct'));
  });

  it.each([
    ['cases[0].role', { schemaVersion: 1, cases: [{ caseId: 'a', role: 'tset' }] }],
    ['rolle', { schemaVersion: 1, cases: [{ caseId: 'a', role: 'train', rolle: 'meta' }] }],
    [
      'listed twice',
      {
        schemaVersion: 1,
        cases: [
          { caseId: 'a', role: 'train' },
          { caseId: 'a', role: 'meta' },
        ],
      },
    ],
    ['schemaVersion', { schemaVersion: 2, cases: [] }],
    ['no case b', { schemaVersion: 1, cases: [{ caseId: 'b', role: 'train' }] }],
    ['no pair', { schemaVersion: 1, cases: [{ caseId: 'mr-only', role: 'train' }] }],
  ])('says what is wrong after editing by hand: %s', async (reason, cohort) => {
    const { ct: _, ...mrOnly } = pair('mr-only');
    await workspace.writeCase(mrOnly);
    write(cohort);
    const listed = workspace.listCohortStudies();
    await expect(listed).rejects.toMatchObject({ code: 'COHORT_INVALID' });
    await expect(listed).rejects.toThrow(reason);
  });
});

describe('the default place', () => {
  it.each([
    [{ ILIUM_WORKSPACE: '/data/w', XDG_DATA_HOME: '/x' }, 'linux', '/data/w'],
    [{ XDG_DATA_HOME: '/x' }, 'linux', '/x/ilium'],
    [{ XDG_DATA_HOME: '' }, 'linux', '/home/me/.local/share/ilium'],
    [{}, 'darwin', '/home/me/Library/Application Support/Ilium'],
    [{ APPDATA: '/roaming' }, 'win32', '/roaming/Ilium'],
  ])('with %o on %s is %s', (env, platform, expected) => {
    expect(defaultWorkspace({ env, platform, home: '/home/me' })).toBe(expected);
  });
});
