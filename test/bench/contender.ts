/** The bench's handle on one measured child process speaking JSON lines (see serveRuns.ts and peer.py). */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Answer = Readonly<Record<string, unknown>>;

export interface Contender {
  readonly name: string;
  /** Sends one request and waits for its answer. Rejects when the answer is an error or the process ends. */
  request(message: object): Promise<Answer>;
  /** Ends the process and waits until it is gone. */
  close(): Promise<void>;
}

/** Starts `command args...`; its standard error is kept for the message of a crash. One request at a time. */
export function startContender(name: string, command: string, args: readonly string[]): Contender {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-2000)));
  child.stdin.on('error', () => (stderr += ' (standard input closed)'));
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', (error) => {
      stderr += error.message;
      resolve();
    });
  });
  return {
    name,
    async request(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      const line = await answers.next();
      if (line.done) {
        await closed;
        throw new Error(`${name} ended (exit ${child.exitCode ?? child.signalCode}): ${stderr.trim()}`);
      }
      const answer = JSON.parse(line.value) as Answer;
      if (typeof answer['error'] === 'string') throw new Error(`${name}: ${answer['error']}`);
      return answer;
    },
    async close() {
      child.stdin.end();
      await closed;
    },
  };
}
