import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/shared/appError.ts';
import { formatMessage } from '../../../src-main/shared/messages.ts';
import { toAppError } from '../../../src-main/shared/toAppError.ts';
import { sameGrid, voxelCount, type Grid } from '../../../src-main/shared/volume.ts';

describe('formatMessage', () => {
  it('fills places by name and leaves unknown ones and unknown keys visible', () => {
    expect(formatMessage('errors.FILE_NOT_FOUND', { path: 'x' })).toBe('There is no file or folder at x.');
    expect(formatMessage('errors.FILE_NOT_FOUND')).toContain('{path}');
    expect(formatMessage('errors.NO_SUCH')).toBe('errors.NO_SUCH');
  });
});

describe('toAppError', () => {
  it('passes an AppError on and names faults by their message in one line', () => {
    const error = new AppError('COHORT_EMPTY');
    expect(toAppError(error)).toBe(error);
    expect(error.exitCode).toBe(2);
    expect(toAppError(new Error('a\n  b'))).toMatchObject({ code: 'INTERNAL', details: { reason: 'a b' }, exitCode: 1 });
    expect(toAppError('text')).toMatchObject({ code: 'INTERNAL', details: { reason: 'text' } });
  });
});

describe('sameGrid', () => {
  const grid: Grid = { size: [2, 3, 4], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0] };

  it('compares size and affine within the tolerance', () => {
    expect(voxelCount(grid)).toBe(24);
    expect(sameGrid(grid, { ...grid, indexToLps: [1, 0, 0, 5e-4, 0, 1, 0, 0, 0, 0, 2, 0] })).toBe(true);
    expect(sameGrid(grid, { ...grid, indexToLps: [1, 0, 0, 5e-3, 0, 1, 0, 0, 0, 0, 2, 0] })).toBe(false);
    expect(sameGrid(grid, { ...grid, size: [2, 3, 5] })).toBe(false);
  });
});
