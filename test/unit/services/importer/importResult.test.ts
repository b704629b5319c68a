import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ImportReport } from '../../../../src-main/services/importer/importReport.ts';
import { importResult } from '../../../../src-main/services/importer/importResult.ts';

const folder = join('/', 'workspace', 'uploads', 'upload-1');
const path = join(folder, 'study', 'notes.txt');
const report: ImportReport = {
  outcomes: [
    {
      path,
      outcome: 'skipped',
      reason: {
        code: 'file-skipped',
        severity: 'info',
        subject: path,
        details: { reason: `${path} is neither DICOM, NIfTI nor MetaImage.` },
      },
    },
  ],
  cases: [],
  findings: [],
  cancelled: false,
};

it('names uploaded files as they were dropped, also within reasons', () => {
  const shown = join('study', 'notes.txt');
  const text = `${shown} is neither DICOM, NIfTI nor MetaImage.`;
  const reason = {
    code: 'file-skipped',
    severity: 'info',
    subject: shown,
    details: { reason: text },
    text,
  };
  expect(importResult(report, folder).outcomes).toEqual([{ path: shown, outcome: 'skipped', reason }]);
  expect(importResult(report).outcomes[0]?.path).toBe(path);
});
