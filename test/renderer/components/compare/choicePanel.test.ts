// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import ChoicePanel from '../../../../src-renderer/components/compare/ChoicePanel.svelte';
import { comparisonDesk } from '../../../../src-renderer/state/comparisonDesk.svelte.ts';
import { aRun, aTestCase } from '../../fixtures/comparison.ts';

const { choice } = comparisonDesk;

beforeEach(() => {
  choice.runs = [
    aRun('meta-1', { seed: 7 }),
    aRun('pgan-1', { method: 'pgan', seen: { train: ['case-9'], meta: [] }, trainedOn: ['case-9'] }),
    aRun('young-1', { hasGenerator: false }),
  ];
  choice.tests = [aTestCase('case-9')];
  choice.choose([]);
  render(ChoicePanel);
});
afterEach(cleanup);

const row = (run: string): HTMLElement => screen.getByText(run).closest('li')!;
const box = (run: string): HTMLInputElement => within(row(run)).getByRole('checkbox');
const start = (): HTMLElement => screen.getByRole('button', { name: /^(Compare \d|Evaluate)/ });

describe('choosing what to compare', () => {
  test('a row says what the run is and what it has seen; one without a checkpoint says so and rests', () => {
    expect(row('meta-1').textContent).toMatch(/Meta · quick.*seed 7.*1 train, 1 meta/);
    expect(row('pgan-1').textContent).toContain('It has seen 1 of 1 test cases.');
    expect(box('young-1').disabled).toBe(true);
    expect(row('young-1').textContent).toContain('no checkpoint');
    expect(screen.getByText(/Label of case-9/)).toBeDefined();
  });

  test('the first ticked is the reference, which can be changed; the button counts', async () => {
    expect(start().getAttribute('aria-disabled')).toBe('true');
    await fireEvent.click(box('pgan-1'));
    expect(start().textContent).toBe('Evaluate this run');
    await fireEvent.click(box('meta-1'));
    expect(within(row('pgan-1')).getByText('Reference')).toBeDefined();
    await fireEvent.click(within(row('meta-1')).getByRole('button', { name: /meta-1/ }));
    expect(within(row('meta-1')).getByText('Reference')).toBeDefined();
    expect(start().textContent).toBe('Compare 2 runs');
    expect(start().getAttribute('aria-disabled')).toBe('false');
  });

  test('warns of what would make the comparison mean little', async () => {
    await fireEvent.click(box('meta-1'));
    expect(screen.queryByRole('list', { name: 'Before you compare' })).toBeNull();
    await fireEvent.click(box('pgan-1'));
    const warnings = within(screen.getByRole('list', { name: 'Before you compare' })).getAllByRole(
      'listitem',
    );
    expect(warnings.map(({ textContent }) => textContent.split(' ').slice(0, 3).join(' '))).toEqual([
      'pgan-1 has seen',
      'pgan-1 was trained',
    ]);
  });
});
