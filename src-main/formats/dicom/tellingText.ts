/** Finds a patient's name or id in other texts of the file. */

/** Shorter parts are in every other text. */
const shortestTelling = 3;
/** From this length on a part tells within a longer word too; a shorter one would be found in words that have nothing to do with it. */
const shortestWithin = 5;

/** Whether a text holds a part of `patientName` or the whole `patientId`, in whatever case. */
export function tellsPatient(subject: {
  readonly patientId: string;
  readonly patientName: string;
}): (text: string) => boolean {
  const parts = [subject.patientId, ...subject.patientName.split(/[\^=\s,]+/)]
    .map((part) => part.toLowerCase())
    .filter((part) => part.length >= shortestTelling);
  return (text) => {
    const lower = text.toLowerCase();
    return parts.some((part) =>
      part.length >= shortestWithin ? lower.includes(part) : isWordOf(lower, part),
    );
  };
}

function isWordOf(text: string, part: string): boolean {
  const goesOn = (letter = ' '): boolean => /[\p{L}\p{N}]/u.test(letter);
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1))
    if (!goesOn(text[at - 1]) && !goesOn(text[at + part.length])) return true;
  return false;
}
