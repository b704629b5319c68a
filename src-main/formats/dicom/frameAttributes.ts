/**
 * Where the attributes of each frame are: in an enhanced image in the functional groups, else in the data set itself.
 *
 * Source: DICOM PS3.3 C.7.6.16 (Multi-frame Functional Groups). A macro is a sequence of one item; its attributes are looked up by tag,
 * first in the frame's own groups, then in the shared ones, then in the data set. Private sequences are left out: some makers repeat
 * standard attributes in them, with other meanings.
 */
import { AppError } from '../../shared/appError.ts';
import type { DataSet } from './dicomParser.ts';

/** The data set in which a frame's attribute is found. */
export type AttributeFinder = (tag: string) => DataSet;

const sharedGroups = 'x52009229';
const perFrameGroups = 'x52009230';

/** One finder per frame. Throws DICOM_UNSUPPORTED for several frames of which it is not said where each lies. */
export function frameAttributes(dataSet: DataSet, name: string): AttributeFinder[] {
  const count = dataSet.intString('x00280008') ?? 1;
  const frames = dataSet.elements[perFrameGroups]?.items;
  const unsupported = (reason: string): AppError => new AppError('DICOM_UNSUPPORTED', { path: name, reason });
  if (frames === undefined) {
    if (count > 1) throw unsupported(`it has ${count} frames and does not say where each lies`);
    return [() => dataSet];
  }
  if (frames.length !== count) throw unsupported(`it has ${count} frames and describes ${frames.length}`);
  const shared = flatten(dataSet.elements[sharedGroups]?.items?.[0]?.dataSet);
  return frames.map((item) => {
    const own = flatten(item.dataSet);
    return (tag) => own.get(tag) ?? shared.get(tag) ?? dataSet;
  });
}

/** Every attribute in `groups` and in the first items of its standard sequences, by tag; the outermost counts. */
function flatten(groups: DataSet | undefined, into = new Map<string, DataSet>()): Map<string, DataSet> {
  const elements = Object.entries(groups?.elements ?? {});
  for (const [tag, { items }] of elements) if (groups && !items && !into.has(tag)) into.set(tag, groups);
  for (const [tag, { items }] of elements) if (items && !isPrivate(tag)) flatten(items[0]?.dataSet, into);
  return into;
}

/** Private groups are odd. */
const isPrivate = (tag: string): boolean => Number.parseInt(tag.slice(4, 5), 16) % 2 === 1;
