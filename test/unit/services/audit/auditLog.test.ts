import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit, auditPath, readAudit } from '../../../../src-main/services/audit/auditLog.ts';
import { auditCommand } from '../../../../src-main/cli/audit.ts';
import type { CommandContext } from '../../../../src-main/cli/command.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ilium-audit-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const add = (subject: string) => appendAudit({ directory }, { action: 'generate', subject });
const lines = (): string[] => readFileSync(auditPath({ directory }), 'utf8').trimEnd().split('\n');

async function addThree(): Promise<void> {
  for (const subject of ['case-1', 'case-2', 'case-3']) await add(subject);
}

describe('the audit log', () => {
  it('says who did what, when and from what, each line holding the hash of the one before', async () => {
    const model = { name: 'm', version: '1', weightHash: 'ff' };
    const inputs = { mr: 'a'.repeat(64) };
    await appendAudit({ directory }, { action: 'generate', subject: 'case-1', model, inputs });
    await add('case-2');
    const { entries, broken, torn } = await readAudit({ directory });
    expect(broken).toBeUndefined();
    expect(torn).toEqual([]);
    expect(entries[0]).toMatchObject({ sequence: 1, action: 'generate', subject: 'case-1', model, inputs });
    expect(entries[0]).toMatchObject({ previous: '0'.repeat(64) });
    expect(entries[0]!.user).not.toBe('');
    expect(Date.now() - Date.parse(entries[0]!.time)).toBeLessThan(60_000);
  });

  it('is empty and whole where nothing was done yet', async () => {
    expect(await readAudit({ directory })).toMatchObject({ entries: [], head: '0'.repeat(64) });
  });

  it.each([
    [
      'changed',
      (all: string[]) => all.map((line, at) => (at === 1 ? line.replace('case-2', 'case-9') : line)),
    ],
    ['taken out', (all: string[]) => all.filter((_, at) => at !== 1)],
    ['put in', (all: string[]) => [all[0]!, all[0]!, ...all.slice(1)]],
    ['moved', (all: string[]) => [all[0]!, all[2]!, all[1]!]],
  ])('is broken by a line that was %s', async (_what, change) => {
    await addThree();
    writeFileSync(auditPath({ directory }), `${change(lines()).join('\n')}\n`);
    const { broken } = await readAudit({ directory });
    expect(broken?.line).toBeGreaterThanOrEqual(2);
    expect(broken?.line).toBeLessThanOrEqual(3);
  });

  it('goes on after a line that a crash has torn, and says which', async () => {
    await add('case-1');
    appendFileSync(auditPath({ directory }), '{"sequence":2,"time":"2026-');
    expect(await readAudit({ directory })).toMatchObject({ torn: [2], entries: [{ sequence: 1 }] });
    await add('case-2');
    const { broken, torn, entries } = await readAudit({ directory });
    expect({ broken, torn }).toEqual({ broken: undefined, torn: [2] });
    expect(entries.map(({ subject }) => subject)).toEqual(['case-1', 'case-2']);
    writeFileSync(
      auditPath({ directory }),
      lines()
        .filter((_, at) => at !== 1)
        .join('\n'),
    );
    expect((await readAudit({ directory })).broken).toMatchObject({ line: 2 });
  });

  it('holds entries longer than what is read from its end at once', async () => {
    const long = 'x'.repeat(50_000);
    for (const at of [0, 1, 2])
      await appendAudit({ directory }, { action: 'override', subject: 'c', details: { at, long } });
    const { entries, broken } = await readAudit({ directory });
    expect({ count: entries.length, broken }).toEqual({ count: 3, broken: undefined });
  });

  it('takes the lock of a process that was killed, and waits for one that lives', async () => {
    const lock = `${auditPath({ directory })}.lock`;
    const dead = { pid: 2 ** 22 + 1, host: hostname(), since: '', token: 'gone' };
    writeFileSync(lock, JSON.stringify(dead));
    await Promise.all([add('case-1'), add('case-2'), add('case-3')]);
    expect((await readAudit({ directory })).entries).toHaveLength(3);
    expect(existsSync(lock)).toBe(false);
    writeFileSync(lock, JSON.stringify({ ...dead, pid: process.ppid }));
    const waiting = add('case-4');
    setTimeout(() => rmSync(lock), 200);
    await waiting;
    expect((await readAudit({ directory })).entries).toHaveLength(4);
  });

  it('loses nothing when several processes write at once', async () => {
    const root = resolve(import.meta.dirname, '../../../..');
    const script = join(root, 'test/fixtures/auditWriter.ts');
    const writers = ['a', 'b', 'c'].map((name) =>
      spawn(process.execPath, ['--import', 'tsx', script, directory, name, '15'], {
        cwd: root,
        stdio: 'inherit',
      }),
    );
    const codes = await Promise.all(writers.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    const { entries, broken, torn } = await readAudit({ directory });
    expect({ count: entries.length, broken, torn }).toEqual({ count: 45, broken: undefined, torn: [] });
  }, 60_000);
});

describe('ilium audit', () => {
  const context = (): CommandContext => ({
    json: false,
    workspaceDirectory: directory,
    signal: new AbortController().signal,
    print: () => undefined,
    onProgress: () => undefined,
    onEvent: () => undefined,
  });
  const run = (action: string, options: object = {}) => auditCommand.run(context(), options, [action]);

  it('verify says that the chain is whole, with the hash to note', async () => {
    await addThree();
    const { data, text } = await run('verify');
    const { head } = await readAudit({ directory });
    expect(data).toMatchObject({ entries: 3, torn: [], head });
    expect(text).toContain(head);
  });

  it('verify names the line that is broken', async () => {
    await addThree();
    writeFileSync(auditPath({ directory }), `${[lines()[0], lines()[2]].join('\n')}\n`);
    await expect(run('verify')).rejects.toMatchObject({
      code: 'AUDIT_BROKEN',
      exitCode: 2,
      details: { line: 2 },
    });
  });

  it('verify --head finds lines that were cut off at the end', async () => {
    await addThree();
    const { head } = await readAudit({ directory });
    await add('case-4');
    expect((await run('verify', { head })).data).toMatchObject({ entries: 4 });
    writeFileSync(auditPath({ directory }), `${lines().slice(0, 2).join('\n')}\n`);
    expect((await run('verify')).data).toMatchObject({ entries: 2 });
    await expect(run('verify', { head })).rejects.toMatchObject({ code: 'AUDIT_BROKEN' });
  });

  it('show lists the last entries', async () => {
    await addThree();
    const { data, text } = await run('show', { last: 2 });
    expect(data).toMatchObject({ entries: [{ subject: 'case-2' }, { subject: 'case-3' }] });
    expect(text.split('\n')).toHaveLength(2);
  });
});
