import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runIlium, runIliumJson } from '../fixtures/runIlium.ts';

const root = resolve(import.meta.dirname, '../..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the launcher', () => {
  it('is found by npx in the project', () => {
    const { status, stdout } = spawnSync('npx', ['--no-install', 'ilium', '--version'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('starts in any folder, whatever tsconfig.json lies there', () => {
    writeFileSync(join(folder, 'tsconfig.json'), '{ this is not JSON');
    const { code, out, err } = runIlium(['--version'], { cwd: folder });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^\d/);
  });

  it('is not troubled by a reader that closes the pipe', () => {
    const line = `"${process.execPath}" src-main/ilium.mjs --help | head -n 1`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: root, encoding: 'utf8' });
    expect(stdout).toMatch(/^Usage: ilium/);
    expect(stderr).toBe('');
  });

  it.each([
    [['bogus'], /^ilium: Unknown command 'bogus'\n$/],
    [['doctor', '--colour'], /^ilium: Unknown option '--colour'\n$/],
    [['serve', '--port', 'here'], /^ilium: Option '--port <port>' argument 'here' is invalid\..*\n$/],
    [['register', 'case-1', '--fixed', 'mr'], /^ilium: The workspace has no case case-1\.\n$/],
  ])('refuses %j with one line and exit code 2', (args, message) => {
    const { code, out, err } = runIlium(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
  });
});

describe('ilium doctor', () => {
  interface Doctor {
    versions: Record<string, string>;
    devices: { device: string; usable: boolean; note: string }[];
    weights: { installed: boolean }[];
    workspace: { directory: string; exists: boolean; cases: number; freeGiB: number };
  }

  it('finds the CPU usable, gives a reason for what is not, and leaves the workspace alone', () => {
    const workspace = join(folder, 'workspace');
    const report = runIliumJson<Doctor>(['doctor', '--workspace', workspace]);
    expect(report.versions['node']).toBe(process.versions.node);
    expect(report.devices.find(({ device }) => device === 'cpu')?.usable).toBe(true);
    expect(report.devices.every(({ note }) => note.length > 0)).toBe(true);
    expect(report.workspace).toMatchObject({ directory: workspace, exists: false, cases: 0 });
    expect(report.workspace.freeGiB).toBeGreaterThan(0);
    const elsewhere = runIlium(['doctor', '--workspace', workspace], { cwd: folder });
    expect(elsewhere.out).toMatch(/^Device cpu +CPU: usable/m);
    expect(elsewhere.out).toContain('not there yet');
  });
});
