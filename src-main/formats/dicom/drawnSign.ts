/** Signs that a file's pixels hold writing or drawing, which could name the patient. */
import { tagNumber } from './deidentifyActions.ts';
import type { RawElement, RawEncoding } from './rawDataSet.ts';
import { shortOf, textOf } from './rawValues.ts';

const tags = {
  sopClassUid: tagNumber('SOPClassUID'),
  imageType: tagNumber('ImageType'),
  burnedIn: tagNumber('BurnedInAnnotation'),
  recognisable: tagNumber('RecognizableVisualFeatures'),
  pixelData: tagNumber('PixelData'),
};
const secondaryCapture = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/;
/** Words of Image Type that stand for pictures of a screen or a page. */
const drawnWords: ReadonlySet<string> = new Set(
  'SCREEN SCREENSAVE SCREENSHOT SCREENCAPTURE PASTED REPORT FORM'.split(' '), // cspell:disable-line
);

/** In words; null for no sign. */
export function drawnSign(elements: readonly RawElement[], encoding: RawEncoding): string | null {
  const text = (tag: number): string => textOf(elements.find((element) => element.tag === tag));
  if (text(tags.burnedIn) === 'YES') return 'Burned In Annotation is YES';
  if (text(tags.recognisable) === 'YES') return 'Recognizable Visual Features is YES';
  if (secondaryCapture.test(text(tags.sopClassUid))) return 'it is a secondary capture';
  const imageType = text(tags.imageType);
  if (imageType.split(/[\\\s_]+/).some((word) => drawnWords.has(word)))
    return `its image type is ${imageType}`;
  return hiddenOverlaySign(elements, encoding);
}

/** An overlay that lies in the pixels themselves can be cleared only where they are not compressed. */
function hiddenOverlaySign(elements: readonly RawElement[], { bigEndian }: RawEncoding): string | null {
  const isCompressed = elements.some(
    ({ tag, value }) => tag === tags.pixelData && value.kind === 'fragments',
  );
  const isHidden = elements.some(
    (element) => isOverlayBitPosition(element.tag) && shortOf(element, bigEndian) !== 0,
  );
  return isCompressed && isHidden ? 'an overlay lies in the unused bits of its compressed pixels' : null;
}

/** (60xx,0102). */
const isOverlayBitPosition = (tag: number): boolean => tag >>> 24 === 0x60 && (tag & 0xffff) === 0x0102;
