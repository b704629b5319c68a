import type { Attributes } from './encodePart10.ts';

/** An item of a code sequence (DICOM PS3.3 section 8.8). */
export const codeItem = (value: string, scheme: string, meaning: string): Attributes => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});
