import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CommandContext, CommandSpec } from '../../../src-main/cli/command.ts';
import { commands } from '../../../src-main/cli/commands.ts';
import { imageSize, numberBetween, wholeNumber } from '../../../src-main/cli/options.ts';
import { runProgram } from '../../../src-main/cli/program.ts';
import { AppError } from '../../../src-main/shared/appError.ts';

let seen: CommandContext | undefined;
const specs: CommandSpec[] = [
  {
    name: 'add',
    description: 'adds numbers',
    configure: (command) =>
      command
        .argument('<numbers...>', 'what to add')
        .option('--times <n>', 'how often', wholeNumber(1), 1)
        .option('--share <x>', 'a share', numberBetween(0, 1), 1)
        .option('--size <columns,rows>', 'a size', imageSize),
    run: (context, options, args) => {
      seen = context;
      const { times } = z.object({ times: z.number() }).parse(options);
      const numbers = z.array(z.coerce.number()).parse(args[0]);
      context.onProgress({ step: 'adding', done: 1, total: 1 });
      context.onEvent({ type: 'log', level: 'warning', message: 'this is easy' });
      const sum = times * numbers.reduce((a, b) => a + b, 0);
      return Promise.resolve({ data: { sum }, text: `The sum is ${sum}.` });
    },
  },
  {
    name: 'doubt',
    description: 'tells what it found, and what is wrong with it',
    configure: (command) => command,
    run: () =>
      Promise.resolve({
        ...{ data: { found: 1 }, text: 'One.' },
        problem: new AppError('FILE_NOT_FOUND', { path: 'a.nii' }),
      }),
  },
  {
    name: 'fail',
    description: 'fails',
    configure: (command) => command.argument('<how>'),
    run: (_context, _options, [how]) => {
      if (how === 'input') throw new AppError('FILE_NOT_FOUND', { path: 'a.nii' });
      if (how === 'disk')
        throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC', path: 'b.nii' });
      throw new TypeError('x is not\n a function');
    },
  },
];

async function run(
  line: string,
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runProgram(specs, line.split(' ').filter(Boolean), {
    out: (text) => (out += text),
    err: { write: (text) => (err += text) },
    env,
    defaultWorkspace: () => '/data/ilium',
  });
  return { code, out, err };
}

describe('runProgram', () => {
  it('prints a result with a problem, tells the problem and ends with its exit code', async () => {
    const err = expect.stringMatching(/^ilium: .*a\.nii/) as string;
    expect(await run('doubt')).toEqual({ code: 2, out: 'One.\n', err });
    expect(await run('doubt --json')).toEqual({ code: 2, out: '{"found":1}\n', err });
  });

  it('reads a size as columns and rows', async () => {
    expect((await run('add 1 --size 192,128')).code).toBe(0);
    for (const size of ['192', '192,128,24', '192,x', '192,4', '12.5,16'])
      expect(await run(`add 1 --size ${size}`), size).toMatchObject({ code: 2 });
  });

  it('prints text on standard output and notes on standard error', async () => {
    expect(await run('add 1 2 --times 3')).toEqual({
      code: 0,
      out: 'The sum is 9.\n',
      err: 'Note: this is easy\n',
    });
  });

  it('prints one line of JSON and nothing else with --json', async () => {
    expect(await run('add 1 2 --json')).toEqual({ code: 0, out: '{"sum":3}\n', err: '' });
  });

  it('takes the workspace from --workspace, the environment, the default, in this order', async () => {
    await run('add 1 --workspace w', { ILIUM_WORKSPACE: 'e' });
    expect(seen?.workspaceDirectory).toBe('w');
    await run('add 1', { ILIUM_WORKSPACE: 'e' });
    expect(seen?.workspaceDirectory).toBe('e');
    await run('add 1', { ILIUM_WORKSPACE: '' });
    expect(seen?.workspaceDirectory).toBe('/data/ilium');
  });

  it.each([
    ['', /^Usage: ilium/],
    ['ad 1', /^ilium: Unknown command 'ad' \(Did you mean add\?\)\n$/],
    ['add', /^ilium: Missing required argument 'numbers'\n$/],
    ['add 1 --colour', /^ilium: Unknown option '--colour'\n$/],
    ['add 1 --times 0', /^ilium: .*'0' is invalid.* Give a whole number of at least 1\.\n$/],
    ['add 1 --times two', /^ilium: .*Give a whole number/],
    ['add 1 --share 1.5', /^ilium: .*Give a number from 0 to 1\.\n$/],
    ['fail input', /^ilium: There is no file or folder at a\.nii\.\n$/],
  ])('refuses "%s" with one line and exit code 2', async (line, message) => {
    const { code, out, err } = await run(line);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
  });

  it('gives errors of usage and input as JSON too', async () => {
    expect(JSON.parse((await run('fail input --json')).out)).toEqual({
      error: {
        code: 'FILE_NOT_FOUND',
        message: 'There is no file or folder at a.nii.',
        details: { path: 'a.nii' },
      },
    });
    expect(JSON.parse((await run('add --json')).out).error.code).toBe('BAD_USAGE');
  });

  it('calls a full disk by its name and a fault of ours INTERNAL, with exit code 1', async () => {
    expect(await run('fail disk')).toMatchObject({
      code: 1,
      err: expect.stringContaining('The disk is full: b.nii'),
    });
    const { code, err } = await run('fail fault');
    expect(code).toBe(1);
    expect(err).toMatch(/^ilium: Ilium failed, .*x is not a function.*\n$/);
    expect((await run('fail fault', { ILIUM_DEBUG: '1' })).err).toContain('program.test.ts');
  });

  it('leaves no signal handler behind', async () => {
    const before = process.listenerCount('SIGINT');
    await run('add 1');
    await run('fail fault');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('stops a command at the first Ctrl-C and ends with 130', async () => {
    const waiting: CommandSpec = {
      name: 'wait',
      description: 'waits',
      configure: (command) => command,
      run: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
          process.emit('SIGINT');
        }),
    };
    let err = '';
    const code = await runProgram([waiting], ['wait'], {
      out: () => undefined,
      err: { write: (text) => (err += text) },
      env: {},
      defaultWorkspace: () => '.',
    });
    expect(code).toBe(130);
    expect(err).toBe('Stopping cleanly; press Ctrl-C again to end at once.\nStopped.\n');
  });
});

describe('the commands', () => {
  it('have distinct names and a description', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    expect(commands.every(({ description }) => description.length > 0)).toBe(true);
  });

  it('offer --json and --workspace each', async () => {
    for (const { name } of commands) {
      let out = '';
      const terminal = { out: (text: string) => (out += text), err: { write: () => undefined }, env: {} };
      expect(await runProgram(commands, ['help', name], { ...terminal, defaultWorkspace: () => '.' })).toBe(
        0,
      );
      expect(out, name).toContain('--json');
      expect(out, name).toContain('--workspace');
    }
  });
});
