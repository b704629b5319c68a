import { describe, expect, it } from 'vitest';
import { createProgressDisplay, formatDuration } from '../../../src-main/cli/progressDisplay.ts';

function display(isTTY: boolean): {
  show: ReturnType<typeof createProgressDisplay>;
  text: () => string;
  tick: (ms: number) => void;
} {
  let text = '';
  let now = 0;
  const show = createProgressDisplay({ write: (part) => (text += part), isTTY, columns: 100 }, () => now);
  return { show, text: () => text, tick: (ms) => (now += ms) };
}

describe('progress on a terminal', () => {
  it('rewrites one line with a bar and the time left', () => {
    const { show, text, tick } = display(true);
    show.onProgress({ step: 'training', done: 0, total: 8 });
    tick(20_000);
    show.onProgress({ step: 'training', done: 2, total: 8 });
    expect(text().split('\r\x1b[K').at(-1)).toBe(
      `training [${'█'.repeat(6)}${'·'.repeat(18)}] 2/8, 1:00 left`,
    );
    show.end();
    expect(text().endsWith('\r\x1b[K')).toBe(true);
    expect(text()).not.toContain('\n');
  });

  it('is not rewritten more than ten times a second, but always at the end', () => {
    const { show, text } = display(true);
    for (let done = 0; done <= 1000; done++) show.onProgress({ step: 'reading', done, total: 1000 });
    expect(text().match(/reading/g)).toHaveLength(2);
    expect(text()).toContain('1000/1000');
  });

  it('names a step that cannot be counted', () => {
    const { show, text } = display(true);
    show.onProgress({ step: 'writing', done: 0, total: 0 });
    expect(text()).toBe('writing');
  });

  it('keeps the bar below a note and within the width', () => {
    const { show, text } = display(true);
    show.onProgress({ step: 'x'.repeat(200), done: 1, total: 2 });
    show.note('hello');
    const lines = text().split('\r\x1b[K');
    expect(lines.at(-1)).toBe(`hello\n${'x'.repeat(99)}`);
  });
});

describe('progress elsewhere', () => {
  it('is silent in the first two seconds', () => {
    const { show, text, tick } = display(false);
    show.onProgress({ step: 'reading', done: 0, total: 3 });
    tick(1999);
    show.onProgress({ step: 'reading', done: 3, total: 3 });
    show.onProgress({ step: 'checking', done: 1, total: 1 });
    expect(text()).toBe('');
  });

  it('is a line at the beginning, every ten seconds, at a new step and at the end', () => {
    const { show, text, tick } = display(false);
    tick(2000);
    for (let done = 0; done <= 25; done++) {
      show.onProgress({ step: 'training', done, total: 25 });
      tick(1000);
    }
    show.onProgress({ step: 'writing', done: 0, total: 1 });
    expect(text().trim().split('\n')).toEqual([
      'training: 0/25',
      'training: 10/25, 0:15 left',
      'training: 20/25, 0:05 left',
      'training: 25/25',
      'writing: 0/1',
    ]);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0:00'],
    [59.6, '1:00'],
    [3600, '1:00:00'],
    [3725, '1:02:05'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
