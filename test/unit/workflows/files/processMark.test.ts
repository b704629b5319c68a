import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isLeftBehind, processMark } from '../../../../src-main/workflows/files/processMark.ts';

const [host = ''] = processMark.split('-');

describe('the mark of a process', () => {
  it('is left behind when the process has ended on this machine, and only then', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(isLeftBehind(`${host}-${pid}`)).toBe(true);
    expect(isLeftBehind(processMark)).toBe(false);
    expect(isLeftBehind(`${host}-${process.ppid}`)).toBe(false);
    expect(isLeftBehind(`00000000-${pid}`)).toBe(false);
    expect(isLeftBehind('a name of somebody else')).toBe(false);
  });
});
