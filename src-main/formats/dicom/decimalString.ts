/**
 * Writes a number as a DICOM Decimal String: at most 16 characters (DICOM PS3.5 section 6.2, VR DS), as exact as they allow.
 * Libraries cut longer numbers off, which ruins small ones such as -3.333333333333333e-8.
 */
const maxLength = 16;

/** `value` (of magnitude below 1e300) with as many significant digits as fit. Throws a RangeError for a value that is not finite. */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no decimal string.`);
  const plain = Object.is(value, -0) ? '0' : String(value);
  if (plain.length <= maxLength) return plain;
  for (let digits = maxLength; digits > 1; digits--) {
    const text = shorten(value.toPrecision(digits));
    if (text.length <= maxLength) return text;
  }
  return value.toPrecision(1);
}

/** Drops the zero before the point and zeros after the last digit, which cost places and say nothing. */
function shorten(text: string): string {
  const [mantissa = '', exponent] = text.split('e');
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return exponent === undefined ? trimmed : `${trimmed}e${exponent.replace('+', '')}`;
}
