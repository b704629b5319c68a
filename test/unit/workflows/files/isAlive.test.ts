import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isAlive } from '../../../../src-main/workflows/files/isAlive.ts';

it('knows this process, and one that is gone', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'close');
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(child.pid!)).toBe(false);
});

it.runIf(process.platform === 'linux')(
  'does not take a dead process that nobody has buried for a living one',
  async () => {
    // `exec` leaves the shell's child to a program that never asks for it.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      await expect.poll(() => isAlive(pid)).toBe(false);
      expect(() => process.kill(pid, 0)).not.toThrow();
    } finally {
      parent.kill();
    }
  },
);
