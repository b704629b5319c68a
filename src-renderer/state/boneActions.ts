/** What can be done in the bone desk by key. */
import type { Action } from '../lib/actions.svelte.ts';
import { t } from '../lib/i18n.svelte.ts';
import { cameraViews, type CameraView } from '../lib/meshCamera.ts';
import { app } from './app.svelte.ts';
import { bone } from './bone.svelte.ts';
import { boneModes, type BoneMode } from './boneLook.svelte.ts';
import { thresholdPresets, thresholdStepHu } from './boneThreshold.ts';
import { cursor } from './cursor.svelte.ts';

export const viewKeys: Record<CameraView, string> = {
  anterior: 'A',
  posterior: 'P',
  left: 'L',
  right: 'R',
  superior: 'S',
  inferior: 'I',
};

export const modeKeys: Record<BoneMode, string> = { surface: 'U', volume: 'V', distance: 'D' };

/** What the view does itself, as it has the pictures and dialogs. */
export interface BoneViewActions {
  readonly picture: () => void;
  readonly mesh: () => void;
}

/** Whether there is a CT and an sCT, or why distances cannot be shown. */
export function canCompare(): true | string {
  if (bone.reference && bone.compared) return true;
  return t(bone.reference ? 'bone.agreement.noSct' : 'bone.agreement.noCt');
}

export function boneActions(view: BoneViewActions): readonly Action[] {
  const hasBone = (): true | string => (bone.sides.length > 0 ? true : t('bone.nothing'));
  return [
    ...thresholdPresets.map(({ id, hu }, at): Action => ({
      id: `bone-${id}`,
      key: String(at + 1),
      label: `bone.action.${id}`,
      run: () => bone.setThreshold(hu),
    })),
    {
      id: 'bone-more',
      key: ']',
      label: 'bone.action.higher',
      run: () => bone.setThreshold(bone.thresholdHu + thresholdStepHu),
    },
    {
      id: 'bone-less',
      key: '[',
      label: 'bone.action.lower',
      run: () => bone.setThreshold(bone.thresholdHu - thresholdStepHu),
    },
    ...boneModes.map((mode): Action => ({
      id: `bone-${mode}`,
      key: modeKeys[mode],
      label: `bone.action.${mode}`,
      run: () => bone.setMode(mode),
      enabled: mode === 'distance' ? canCompare : hasBone,
    })),
    ...cameraViews.map((side): Action => ({
      id: `bone-view-${side}`,
      key: viewKeys[side],
      label: `bone.action.view.${side}`,
      run: () => bone.cameras.view(side),
    })),
    { id: 'bone-fit', key: 'F', label: 'bone.action.fit', run: () => bone.cameras.fit() },
    { id: 'bone-link', key: 'K', label: 'bone.action.link', run: () => bone.cameras.toggleLinked() },
    {
      id: 'bone-largest',
      key: 'M',
      label: 'bone.action.largest',
      run: () => bone.setLargestOnly(!bone.largestOnly),
    },
    { id: 'bone-cut', key: 'C', label: 'bone.action.cut', run: () => (bone.clip.on = !bone.clip.on) },
    {
      id: 'bone-flip',
      key: 'X',
      label: 'bone.action.flip',
      run: () => (bone.clip.flipped = !bone.clip.flipped),
    },
    { id: 'bone-picture', key: 'T', label: 'bone.action.picture', run: view.picture, enabled: hasBone },
    { id: 'bone-mesh', key: 'E', label: 'bone.action.mesh', run: view.mesh, enabled: hasBone },
    {
      id: 'bone-slices',
      key: 'Enter',
      label: 'bone.action.slices',
      run: () => app.go('synthesize'),
      enabled: () => (cursor.lps ? true : t('bone.nothing')),
    },
  ];
}
