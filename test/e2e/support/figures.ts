/** Measured figures of the run: each test notes its own, the reporter prints them together. */
import type { TestInfo } from 'playwright/test';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** On what it was measured. */
  readonly on: string;
}

const type = 'figure';

export function noteFigure(info: TestInfo, figure: Figure): void {
  info.annotations.push({ type, description: JSON.stringify(figure) });
}

export function figuresOf(annotations: readonly { type: string; description?: string }[]): Figure[] {
  return annotations
    .filter((annotation) => annotation.type === type)
    .map(({ description = '' }) => JSON.parse(description) as Figure);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
