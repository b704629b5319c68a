import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../src-main/services/importer/importReport.ts';
import type { EvaluationReport } from '../../src-main/workflows/evaluate/evaluationReport.ts';
import type { PhantomManifest } from '../../src-main/workflows/phantom/phantomManifest.ts';
import type { Ranking } from '../../src-main/workflows/rank/rankCases.ts';
import { runIlium, runIliumJson } from '../fixtures/runIlium.ts';
import { sharedData } from '../fixtures/sharedData.ts';

let folder = '';
let phantom: PhantomManifest;
let imported: ImportReport;
const at = (...names: string[]): string => join(folder, ...names);
const inWorkspace = (): string[] => ['--workspace', at('workspace')];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-workflow-'));
  phantom = runIliumJson<PhantomManifest>(['phantom', '--out', at('phantom'), '--cases', '3', '--seed', '5']);
  imported = runIliumJson<ImportReport>(['import', at('phantom', 'dicom'), ...inWorkspace()]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('phantom, import, rank', () => {
  it('brings every phantom patient in as one case of MR and CT', () => {
    expect(phantom.cases.map(({ label }) => label)).toEqual(['PHANTOM-001', 'PHANTOM-002', 'PHANTOM-003']);
    expect(imported.cases).toHaveLength(3);
    expect(imported.cases.every(({ volumes }) => volumes.includes('mr') && volumes.includes('ct'))).toBe(
      true,
    );
    expect(new Set(imported.outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['loaded']));
  });

  it('finds the well-aligned case by mutual information and keeps what people set', () => {
    const { cases } = runIliumJson<Ranking>(['rank', ...inWorkspace()]);
    const meta = cases.filter(({ proposedRole }) => proposedRole === 'meta').map(({ caseId }) => caseId);
    expect(meta).toHaveLength(1);
    const record = JSON.parse(readFileSync(at('workspace', 'cases', meta[0]!, 'case.json'), 'utf8'));
    expect(phantom.cases.find(({ label }) => label === record.label)?.aligned).toBe(true);

    const cohortPath = at('workspace', 'cohort.json');
    const cohort = JSON.parse(readFileSync(cohortPath, 'utf8')) as { cases: { caseId: string }[] };
    const edited = {
      ...cohort,
      cases: cohort.cases.map((one) =>
        one.caseId === meta[0] ? { ...one, role: 'test', reason: 'held out' } : one,
      ),
    };
    writeFileSync(cohortPath, JSON.stringify(edited));
    runIliumJson(['rank', '--top', '0.5', ...inWorkspace()]);
    const after = JSON.parse(readFileSync(cohortPath, 'utf8')).cases as {
      caseId: string;
      role: string;
      reason?: string;
    }[];
    expect(after.find(({ caseId }) => caseId === meta[0])).toMatchObject({
      role: 'test',
      reason: 'held out',
    });
    expect(after.map(({ role }) => role).sort()).toEqual(['meta', 'test', 'train']);
  });

  it('says in text what it did', () => {
    const { code, out } = runIlium(['rank', ...inWorkspace()]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Case +Centre +MI \(nats\) +NMI +Role\n/);
  });
});

describe('evaluate', () => {
  it('measures a phantom CT against the true CT and writes the report', () => {
    const [first] = phantom.cases;
    const args = [
      '--ct',
      at('phantom', first!.truth.ct),
      '--sct',
      at('phantom', first!.ct),
      '--out',
      at('report'),
    ];
    const report = runIliumJson<EvaluationReport & { files: { html: string; json: string } }>([
      'evaluate',
      ...args,
    ]);
    expect(report.overall.maeHu).toBeGreaterThan(0);
    expect(report.bone[0]!.dice).toBeGreaterThan(0.5);
    expect(readFileSync(report.files.html, 'utf8')).toContain(report.overall.maeHu!.toFixed(4));
    expect(JSON.parse(readFileSync(report.files.json, 'utf8')).overall).toEqual(report.overall);
  });

  const matrad = sharedData('matrad');
  it.runIf(matrad !== null)('gives the known error of a public pair of real and fake CT: 9.1509 HU', () => {
    const pair = join(matrad ?? '', 'liver_synthetic_ct_pat001');
    const args = ['--ct', join(pair, 'real_CT'), '--sct', join(pair, 'fake_CT')];
    const { overall, voxels } = runIliumJson<EvaluationReport>(['evaluate', ...args]);
    expect(voxels).toBe(217 * 217 * 168);
    expect(overall.maeHu).toBeCloseTo(9.1509, 4);
    expect(runIlium(['evaluate', ...args]).out).toMatch(/^MAE +9\.1509 HU$/m);
  });
});

describe('bad input', () => {
  it.each<[string, string[], RegExp]>([
    ['a missing file', ['import', 'nowhere'], /^ilium: Nothing was imported: .*nowhere/],
    ['a file of no image format', ['import', 'notes.txt'], /^ilium: Nothing was imported: .*notes\.txt/],
    ['an empty file', ['evaluate', '--ct', 'empty.nii', '--sct', 'empty.nii'], /^ilium: .*empty\.nii/],
    ['a cohort without pairs', ['rank', '--workspace', 'fresh'], /^ilium: The cohort has no case/],
    ['a broken cohort file', ['rank', '--workspace', 'broken'], /^ilium: The cohort file .* is not valid: /],
    [
      'a folder that is not empty',
      ['phantom', '--out', 'phantom', '--cases', '1'],
      /^ilium: phantom exists already/,
    ],
    [
      'an unknown device',
      ['train', '--method', 'meta', '--device', 'tpu'],
      /^ilium: There is no device called tpu/,
    ],
    [
      'a missing option',
      ['evaluate', '--ct', 'a.nii'],
      /^ilium: Required option '--sct <path>' not specified/,
    ],
  ])('gets one line and exit code 2: %s', (_name, args, message) => {
    writeFileSync(at('notes.txt'), 'These are notes.');
    writeFileSync(at('empty.nii'), '');
    if (!existsSync(at('broken', 'cohort.json'))) {
      runIlium(['rank', '--workspace', 'broken'], { cwd: folder });
      writeFileSync(
        at('broken', 'cohort.json'),
        '{"schemaVersion": 1, "cases": [{"caseId": "a", "role": "meat"}]}',
      );
    }
    const { code, out, err } = runIlium(args, { cwd: folder });
    expect({ code, out, lines: err.split('\n').length - 1 }).toEqual({ code: 2, out: '', lines: 1 });
    expect(err).toMatch(message);
    const error = JSON.parse(runIlium([...args, '--json'], { cwd: folder }).out.trim());
    expect(error).toHaveProperty('error.code');
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
