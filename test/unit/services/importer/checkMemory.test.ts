import { describe, expect, it } from 'vitest';
import { groupSeries } from '../../../../src-main/formats/dicom/groupSeries.ts';
import { readDicomHeader } from '../../../../src-main/formats/dicom/readDicomHeader.ts';
import { checkMemory, memoryNeeded } from '../../../../src-main/services/importer/checkMemory.ts';
import { buildStack } from '../../../fixtures/dicomBuilder.ts';

const headers = buildStack(5, 2).map((bytes, at) => readDicomHeader(bytes, String(at)));
const [group] = groupSeries(headers).groups;

describe('memory for a series', () => {
  it('is its volume twice and its largest file', () => {
    expect(memoryNeeded(headers)).toBe(5 * 12 * 6 + 2 * 24);
  });

  it('is refused in MiB when it is not there, and not when it is', () => {
    checkMemory(group!, memoryNeeded(headers));
    const huge = {
      ...group!,
      headers: headers.map((header) => ({ ...header, rows: 65535, columns: 65535 })),
    };
    expect(() => checkMemory(huge, 2 ** 33)).toThrow(
      expect.objectContaining({
        code: 'VOLUME_TOO_LARGE',
        details: { path: '7 built', needed: 139260, available: 8192 },
      }) as Error,
    );
  });
});
