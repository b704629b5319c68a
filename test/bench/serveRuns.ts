/**
 * Our side of the bench's JSON lines (peer.py is the other): prepare → {versions}, run → {seconds}, memory → {peakMemoryMiB}, a
 * failure → {error}. One kind of work per process, so that peak memory belongs to it alone. Ends with standard input.
 */
import { createInterface } from 'node:readline';
import type { BenchKind, BenchSize } from './benchCase.ts';

/** One step with the data already in memory; must not resolve before the result exists. */
export type Run = () => Promise<void>;

export interface Prepared {
  readonly run: Run;
  /** Printed with the table: executor, device, runtime version. */
  readonly versions: Readonly<Record<string, string>>;
}

export type Prepare = (size: BenchSize) => Promise<Prepared>;

/** Serves requests from standard input until it closes; never throws for a failing step. */
export async function serveRuns<Size = BenchSize, Kind extends string = BenchKind>(
  kinds: Partial<Record<Kind, (size: Size) => Promise<Prepared>>>,
): Promise<void> {
  let run: Run | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    let answer: object;
    try {
      const request = JSON.parse(line) as { op: string; kind: Kind } & Size;
      if (request.op === 'prepare') {
        const prepare = kinds[request.kind];
        if (!prepare) throw new Error(`no such kind: ${request.kind}`);
        const prepared = await prepare(request);
        run = prepared.run;
        answer = { versions: prepared.versions };
      } else if (request.op === 'run') {
        if (!run) throw new Error('run before prepare');
        const start = performance.now();
        await run();
        answer = { seconds: (performance.now() - start) / 1000 };
      } else {
        answer = { peakMemoryMiB: process.resourceUsage().maxRSS / 1024 };
      }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
