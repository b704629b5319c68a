/** What the slice rail of a viewport shows: bone of CT or sCT per slice, the error of the sCT where a CT is there to compare. */
import { add, gridCentre, scale } from '../lib/geometry.ts';
import type { RailValues } from '../lib/railValues.ts';
import { onSlice, viewPlanes, type ViewPlane } from '../lib/viewPlane.ts';
import { signalAt, type SliceSignals } from '../lib/volumeMath.ts';
import type { LoadedVolume } from '../lib/volume.ts';
import { differences } from './differences.svelte.ts';
import { study } from './study.svelte.ts';
import type { ImageName } from './viewer.svelte.ts';

export interface RailSignal extends RailValues {
  /** Whose bone it is. */
  readonly image: ImageName;
}

/** Null until it has been computed. */
export function railSignal(image: ImageName, plane: ViewPlane): RailSignal | null {
  const error = image === 'sct' ? differences.errorOf('sct', 'ct') : null;
  if (error) return { kind: 'error', image, values: along(plane, error.volume, error.signals) };
  // The MR's rail shows the bone of the CT, else of the sCT: that is what its slices are looked through for.
  const source = image !== 'mr' ? image : study.volumes.ct ? 'ct' : 'sct';
  const bone = differences.boneOf(source);
  return bone ? { kind: 'bone', image: source, values: along(plane, bone.volume, bone.signals) } : null;
}

/** Signals of a volume's own slices, read at the places of the reference volume's slices. */
function along(plane: ViewPlane, volume: LoadedVolume, signals: SliceSignals): readonly number[] {
  const { reference } = study;
  if (!reference) return [];
  const { axis } = viewPlanes(volume)[plane.name];
  const first = onSlice(reference, plane, gridCentre(reference), 0);
  return Array.from({ length: plane.slices }, (_, slice) =>
    signalAt(volume, signals, axis, add(first, scale(plane.step, slice))),
  );
}
