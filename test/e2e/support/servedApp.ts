/** A real `ilium serve` on a workspace of its own, and requests to it as a second browser would make them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { JobSnapshot, JobStart, ServerEvent } from '../../../src-main/api/contract/jobs.ts';

const launcher = resolve(import.meta.dirname, '../../../src-main/ilium.mjs');

export class ServedApp {
  readonly workspace: string;
  readonly process: ChildProcess;
  /** What it wrote to standard error. */
  stderr = '';
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  #origin = '';
  #cookie = '';

  private constructor(workspace: string) {
    this.workspace = workspace;
    this.process = spawn(process.execPath, [launcher, 'serve', '--json', '--workspace', workspace], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    if (!this.process.stdout) throw new Error('The server has no output.');
    this.#reader = createInterface(this.process.stdout);
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  static async start(workspace: string): Promise<ServedApp> {
    const served = new ServedApp(workspace);
    const link = await served.#readLink();
    served.#origin = new URL(link).origin;
    const answer = await fetch(link, { redirect: 'manual' });
    served.#cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return served;
  }

  /** A one-time link that no one has used yet. */
  async newLink(): Promise<string> {
    this.process.stdin?.write('\n');
    return this.#readLink();
  }

  async request(path: string, method = 'GET', body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.#origin}/api/${path}`, {
      method,
      headers: { cookie: this.#cookie, origin: this.#origin, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.request(path)).json()) as T;
  }

  /** Running and remembered jobs: the first event of the stream. */
  async jobs(): Promise<readonly JobSnapshot[]> {
    const { body } = await this.request('events');
    let read = '';
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      read += part;
      if (read.includes('\n')) break;
    }
    const event = JSON.parse(read.split('\n')[0] ?? '') as ServerEvent;
    return event.type === 'snapshot' ? event.jobs : [];
  }

  /** Starts a job and waits for its end; throws unless it is done. */
  async work<T>(start: JobStart): Promise<T> {
    const started = (await (await this.request('jobs', 'POST', start)).json()) as JobSnapshot;
    for (;;) {
      const job = await this.get<JobSnapshot>(`jobs/${started.jobId}`);
      if (job.status === 'done') return job.result as T;
      if (job.endedAt !== null) throw new Error(`${job.kind} ${job.status}: ${job.error?.message ?? ''}`);
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }

  async close(): Promise<void> {
    this.#reader.close();
    if (this.process.exitCode !== null) return;
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }

  async #readLink(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`ilium serve ended: ${this.stderr}`);
    return (JSON.parse(value) as { link: string }).link;
  }
}
