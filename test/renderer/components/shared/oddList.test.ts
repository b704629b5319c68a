// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FindingBody } from '../../../../src-main/api/contract/session.ts';
import OddList from '../../../../src-renderer/components/shared/OddList.svelte';
import { oddLines } from '../../../../src-renderer/lib/findingLines.ts';
import { language } from '../../../../src-renderer/lib/i18n.svelte.ts';

const finding = (
  code: string,
  severity: FindingBody['severity'],
  subject: string,
  details: FindingBody['details'] = {},
): FindingBody => ({ code, severity, subject, details, text: `What is ${code}.` });
const findings = [
  finding('series-chosen', 'info', '4 t2', { count: 5, chosen: '4 t2' }),
  finding('series-tilted', 'warning', '4 t2', { degrees: '26.6' }),
  finding('ct-other-grid', 'info', 'case-1'),
  finding('ct-not-registered', 'warning', 'case-1'),
  finding('series-of-several-patients', 'error', '4 t2', { patients: 2, files: 'a.dcm' }),
];

beforeEach(() => language.use('en'));
afterEach(cleanup);

const shown = (): string[] =>
  screen.getAllByRole('listitem').map((item) => item.textContent.trim().replace(/\s+/g, ' '));

it('says the gravest first and names what it is about, except the case itself', () => {
  render(OddList, { findings: oddLines(findings, 'case-1') });
  expect(shown().slice(0, 3)).toEqual([
    '4 t2:What is series-of-several-patients.',
    '4 t2:What is series-tilted.',
    'What is ct-not-registered.',
  ]);
});

it('folds what is merely worth knowing, and shows it when it is opened', async () => {
  render(OddList, { findings: oddLines(findings, 'case-1') });
  const fold = screen.getByText('2 notes').closest('details')!;
  expect(fold.open).toBe(false);
  await fireEvent.click(screen.getByText('2 notes'));
  expect(fold.open).toBe(true);
  expect(within(fold).getAllByRole('listitem')).toHaveLength(2);
});

it('counts one note in words, and speaks the language of the window', () => {
  language.use('de');
  render(OddList, { findings: oddLines(findings.slice(0, 2), 'case-1') });
  expect(screen.getByText('Ein Hinweis')).toBeTruthy();
  expect(shown()[0]).toMatch(/26,6°/);
});

it('is nothing but the fold where nothing is grave', () => {
  render(OddList, { findings: oddLines(findings.slice(2, 3), 'case-1') });
  expect(screen.getAllByRole('list', { hidden: true })).toHaveLength(1);
  expect(screen.getByText('One note')).toBeTruthy();
});
