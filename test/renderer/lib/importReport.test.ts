import { expect, it } from 'vitest';
import { commonFolder, countOutcomes, importReportText } from '../../../src-renderer/lib/importReport.ts';

const noImage = {
  code: 'x',
  severity: 'info',
  subject: '',
  details: {},
  text: 'It is not an image.',
} as const;
const result = {
  outcomes: [
    { path: '/a/study/1.dcm', outcome: 'loaded', reason: null },
    { path: '/a/study/2.dcm', outcome: 'loaded', reason: null },
    { path: '/a/notes.txt', outcome: 'skipped', reason: noImage },
  ],
  cases: [],
  findings: [{ code: 'x', severity: 'warning', subject: 'Series 3', details: {}, text: 'It is oblique.' }],
  cancelled: false,
} as const;

it('counts every outcome', () => {
  expect(countOutcomes(result)).toEqual({ loaded: 2, merged: 0, skipped: 1, failed: 0 });
});

it('is a text with one line a file and its reason', () => {
  expect(importReportText(result).split('\n')).toEqual([
    'Series 3\tIt is oblique.',
    'loaded\t/a/study/1.dcm',
    'loaded\t/a/study/2.dcm',
    'skipped\t/a/notes.txt\tIt is not an image.',
  ]);
});

it.each([
  [['/a/study/1.dcm', '/a/notes.txt'], '/a/'],
  [['C:\\a\\1.dcm', 'C:\\a\\2.dcm'], 'C:\\a\\'],
  [['1.dcm'], ''],
  [[], ''],
])('finds the folder that %j share', (paths, folder) => {
  expect(commonFolder(paths)).toBe(folder);
});
