/** Prints the figures of the run as a table and writes them to `out/e2e/figures.json`; says why tests did not run. */
import type { Reporter, TestCase, TestResult } from 'playwright/types/testReporter';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { figuresOf, type Figure } from './figures.ts';
import { root } from './places.ts';

export default class FiguresReporter implements Reporter {
  readonly #figures: Figure[] = [];
  readonly #skipped: string[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#figures.push(...figuresOf(result.annotations));
    if (result.status === 'skipped') {
      const reason = result.annotations.find(({ type }) => type === 'skip')?.description;
      this.#skipped.push(`${test.title}: ${reason ?? 'no reason given'}`);
    }
  }

  onEnd(): void {
    for (const line of this.#skipped) console.log(`Not run – ${line}`);
    if (this.#figures.length === 0) return;
    const processor = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`;
    const folder = join(root, 'out/e2e');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'figures.json'),
      `${JSON.stringify({ processor, figures: this.#figures }, null, 2)}\n`,
    );
    console.log(`\nFigures (software GL, ${processor})`);
    for (const { name, value, unit, on } of this.#figures)
      console.log(`  ${name.padEnd(34)} ${formatValue(value).padStart(8)} ${unit.padEnd(4)} ${on}`);
  }
}

function formatValue(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(1) : Math.round(value).toString();
}
