import { describe, expect, it } from 'vitest';
import { evened } from '../../../../src-main/formats/dicom/evenStack.ts';
import { groupSeries } from '../../../../src-main/formats/dicom/groupSeries.ts';
import { readDicomHeader } from '../../../../src-main/formats/dicom/readDicomHeader.ts';
import { checkMemory, memoryNeeded } from '../../../../src-main/services/importer/checkMemory.ts';
import { buildStack } from '../../../fixtures/dicomBuilder.ts';

const headers = buildStack(5, 2).map((bytes, at) => readDicomHeader(bytes, String(at)));
const [group] = groupSeries(headers).groups;

describe('memory for a series', () => {
  it('is its volume twice and its largest file', () => {
    expect(memoryNeeded(group!)).toBe(5 * 12 * 6 + 2 * 24);
  });

  it('is that of the acquired slices beside the even ones made of them', () => {
    const gap = headers.filter((_, k) => k !== 2);
    const [uneven] = groupSeries(gap).groups;
    const even = evened(uneven!);
    expect(memoryNeeded(uneven!)).toBe(4 * 12 * 6 + 2 * 24);
    expect(memoryNeeded(even)).toBe((4 + 5) * 12 * 4 + 2 * 24);
  });

  it('is refused in MiB when it is not there, and not when it is', () => {
    checkMemory(group!, memoryNeeded(group!));
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
