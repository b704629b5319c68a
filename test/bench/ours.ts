/** Our side of the bench, a child process of bench.ts: one row per kind, which gets the size and returns the step to time. */
import type { BenchKind } from './benchCase.ts';
import { serveRuns, type Prepare } from './serveRuns.ts';

const kinds: Partial<Record<BenchKind, Prepare>> = {};

await serveRuns(kinds);
