/**
 * A person's name (or another text of the patient) as it is compared: programs write one name in different cases, with commas for carets,
 * with empty parts at its end, and in several scripts, of which the first counts (DICOM PS3.5 6.2.1).
 */
export function comparableName(name: string): string {
  const [latin = ''] = name.split('=');
  return (latin.trim() === '' ? name : latin)
    .toUpperCase()
    .split(/[\^=\s,]+/)
    .filter((part) => part !== '')
    .join('^');
}

/** Whether two texts may be one: what one of them does not say is no difference. */
export const mayBeSame = (a: string, b: string): boolean => a === '' || b === '' || a === b;
