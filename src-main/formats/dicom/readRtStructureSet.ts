/**
 * Reads an RT Structure Set and what tells whose images it was drawn on.
 *
 * Source: DICOM PS3.3 A.19 (RT Structure Set IOD), C.8.8.5, C.8.8.6, C.8.8.8. A set whose contours cannot be read whole is refused: a
 * delineation with a part missing is worse than none.
 */
import { AppError } from '../../shared/appError.ts';
import { createTextDecoder } from './characterSets.ts';
import type { DataSet } from './dicomParser.ts';
import { readFileMeta } from './fileMeta.ts';
import { guardParser, openDataSet } from './openDataSet.ts';
import type { RtContour, RtRoi, RtStructureSet } from './rtStructureSet.ts';
import { rtStructureSetStorage } from './sopClasses.ts';

export interface ReadStructureSet {
  readonly structureSet: RtStructureSet;
  readonly patientId: string;
  /** Of the set that this one is, written again for an sCT of ours; '' for any other. */
  readonly rewrittenFrom: string;
  /** The patient spaces it was drawn in; mostly one. */
  readonly frameOfReferenceUids: readonly string[];
  /** Every image it names. */
  readonly imageUids: ReadonlySet<string>;
}

/** Whether a file is one, by its beginning: its meta information, or the SOP class among its first elements where it has none. */
export function isRtStructureSet(bytes: Uint8Array, name: string): boolean {
  try {
    return readFileMeta(bytes, name).sopClassUid === rtStructureSetStorage;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const first = new TextDecoder('latin1').decode(bytes.subarray(0, 512));
    return first.includes(`${rtStructureSetStorage}\0`);
  }
}

/** Throws as `openDataSet`, and DICOM_UNSUPPORTED for one whose regions or contours are damaged. `name` is for messages. */
export function readRtStructureSet(bytes: Uint8Array, name: string): ReadStructureSet {
  const { dataSet } = openDataSet(bytes, name);
  return guardParser(name, true, () => {
    const decode = createTextDecoder(dataSet.string('x00080005') ?? '');
    const frames = itemsOf(dataSet, 'x30060010');
    const rois = readRois(dataSet, decode, name);
    const named = [
      ...frames.map((frame) => plain(frame, 'x00200052')),
      ...rois.map((roi) => roi.frameOfReferenceUid),
    ];
    return {
      structureSet: {
        sopInstanceUid: plain(dataSet, 'x00080018'),
        label: textOf(dataSet, 'x30060002', decode),
        rois,
      },
      patientId: textOf(dataSet, 'x00100020', decode),
      rewrittenFrom: plain(dataSet, 'x00080070') === 'Ilium' ? predecessorOf(dataSet) : '',
      frameOfReferenceUids: [...new Set(named.filter((uid) => uid !== ''))],
      imageUids: new Set([...frames.flatMap(seriesImages), ...contourImages(dataSet)]),
    };
  });
}

type Decode = (bytes: Uint8Array) => string;

function readRois(dataSet: DataSet, decode: Decode, name: string): RtRoi[] {
  const contoursOf = byNumber(itemsOf(dataSet, 'x30060039'), 'x30060084');
  const observationOf = byNumber(itemsOf(dataSet, 'x30060080'), 'x30060084');
  return itemsOf(dataSet, 'x30060020').map((item): RtRoi => {
    const key = plain(item, 'x30060022');
    const number = Number(key);
    if (key === '' || !Number.isInteger(number))
      throw unsupported('it is a structure set with a region that has no number', name);
    const drawn = contoursOf.get(key);
    const observation = observationOf.get(key);
    const roiName = textOf(item, 'x30060026', decode);
    const colour = drawn ? colourOf(drawn) : undefined;
    return {
      number,
      name: roiName,
      ...(colour ? { colour } : {}),
      generationAlgorithm: plain(item, 'x30060036'),
      interpretedType: observation ? plain(observation, 'x300600a4') : '',
      frameOfReferenceUid: plain(item, 'x30060024'),
      contours: drawn ? itemsOf(drawn, 'x30060040').map((one) => readContour(one, name, roiName)) : [],
    };
  });
}

function readContour(item: DataSet, name: string, roi: string): RtContour {
  const values = plain(item, 'x30060050')
    .split('\\')
    .map((value) => value.trim());
  const isWhole =
    values.length % 3 === 0 && values.every((value) => value !== '' && Number.isFinite(Number(value)));
  if (!isWhole) throw unsupported(`it is a structure set with a damaged contour of ${roi}`, name);
  const stated = item.intString('x30060046');
  if (stated !== undefined && stated !== values.length / 3)
    throw unsupported(
      `it is a structure set with a contour of ${roi} that has ${values.length / 3} of ${stated} points`,
      name,
    );
  return { geometricType: plain(item, 'x30060042'), points: values.join('\\') };
}

function colourOf(item: DataSet): RtRoi['colour'] {
  const parts = plain(item, 'x3006002a').split('\\').map(Number);
  const [red = NaN, green = NaN, blue = NaN] = parts;
  const isColour =
    parts.length === 3 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return isColour ? [red, green, blue] : undefined;
}

const unsupported = (reason: string, path: string): AppError =>
  new AppError('DICOM_UNSUPPORTED', { path, reason });

/** Predecessor Structure Set Sequence. */
function predecessorOf(dataSet: DataSet): string {
  const [first] = itemsOf(dataSet, 'x30060018');
  return first ? plain(first, 'x00081155') : '';
}

/** The images of the series a frame of reference is tied to. */
function seriesImages(frame: DataSet): string[] {
  return itemsOf(frame, 'x30060012')
    .flatMap((study) => itemsOf(study, 'x30060014'))
    .flatMap((series) => itemsOf(series, 'x30060016'))
    .map((image) => plain(image, 'x00081155'));
}

function contourImages(dataSet: DataSet): string[] {
  return itemsOf(dataSet, 'x30060039')
    .flatMap((roi) => itemsOf(roi, 'x30060040'))
    .flatMap((contour) => itemsOf(contour, 'x30060016'))
    .map((image) => plain(image, 'x00081155'));
}

function byNumber(items: readonly DataSet[], tag: string): ReadonlyMap<string, DataSet> {
  return new Map(items.map((item) => [plain(item, tag), item]));
}

function itemsOf(dataSet: DataSet, tag: string): DataSet[] {
  return (dataSet.elements[tag]?.items ?? []).flatMap((item) => (item.dataSet ? [item.dataSet] : []));
}

/** Text of the basic repertoire, trimmed; '' when absent. */
const plain = (dataSet: DataSet, tag: string): string =>
  dataSet.string(tag)?.replace(/\0+$/, '').trim() ?? '';

function textOf(dataSet: DataSet, tag: string, decode: Decode): string {
  const element = dataSet.elements[tag];
  if (!element) return '';
  const { dataOffset, length } = element;
  return decode(dataSet.byteArray.subarray(dataOffset, dataOffset + length))
    .replace(/\0+$/, '')
    .trim();
}
