/** Everything the Synthesize desk does by key; read by the palette, the shortcut sheet and tooltips. */
import type { Action } from '../lib/actions.svelte.ts';
import { t } from '../lib/i18n.svelte.ts';
import { HU_PRESETS } from '../lib/windowing.ts';
import { compare } from './compare.svelte.ts';
import { exporting } from './export.svelte.ts';
import { generate } from './generate.svelte.ts';
import { measure } from './measure.svelte.ts';
import { overlay } from './overlay.svelte.ts';
import { structures } from './structures.svelte.ts';
import { study } from './study.svelte.ts';
import { viewer, type Tool } from './viewer.svelte.ts';

const open = (): true | string => (study.reference ? true : t('synthesize.generate.noCase'));

function action(id: string, key: string, run: () => void, enabled: () => true | string = open): Action {
  return { id: `synthesize.${id}`, key, label: `synthesize.action.${id}`, run, enabled };
}

function take(tool: Tool): void {
  measure.dropDraft();
  viewer.tool = tool;
}

const plane = (): typeof viewer.active.plane => viewer.active.plane;
const ZOOM_STEP = 1.25;
const MANY_SLICES = 10;

export const synthesizeActions: readonly Action[] = [
  action('sliceUp', 'ArrowUp', () => viewer.stepDown(plane(), -1)),
  action('sliceDown', 'ArrowDown', () => viewer.stepDown(plane(), 1)),
  action('slicesUp', 'PageUp', () => viewer.stepDown(plane(), -MANY_SLICES)),
  action('slicesDown', 'PageDown', () => viewer.stepDown(plane(), MANY_SLICES)),
  action('firstSlice', 'Home', () => viewer.goToEnd(plane(), 'head')),
  action('lastSlice', 'End', () => viewer.goToEnd(plane(), 'foot')),
  action('zoomIn', '+', () => viewer.zoom(plane(), ZOOM_STEP)),
  action('zoomOut', '-', () => viewer.zoom(plane(), 1 / ZOOM_STEP)),
  action('fit', '0', () => viewer.fitAll()),
  action('maximise', 'M', () => viewer.toggleMaximised(viewer.active.id)),
  action('layout', 'L', () => viewer.nextLayout()),
  action('windowBone', '1', () => (viewer.huWindow = HU_PRESETS.bone)),
  action('windowSoft', '2', () => (viewer.huWindow = HU_PRESETS.soft)),
  action('windowLung', '3', () => (viewer.huWindow = HU_PRESETS.lung)),
  action('windowMrAuto', '4', () => (viewer.mrManual = null)),
  action('overlay', 'O', () => overlay.toggle()),
  action('nextOverlay', 'Shift+O', () => overlay.next()),
  action(
    'structures',
    'T',
    () => (structures.shown = !structures.shown),
    () => (structures.sets.length > 0 ? true : t('synthesize.structures.none')),
  ),
  action('lessOpaque', '[', () => overlay.changeOpacity(-0.1)),
  action('moreOpaque', ']', () => overlay.changeOpacity(0.1)),
  action('compare', 'C', () => compare.next()),
  action('flip', 'B', () => compare.flip()),
  action('swapPair', 'P', () => compare.swap()),
  action('cursor', 'N', () => take('cursor')),
  action('ruler', 'R', () => take('ruler')),
  action('angle', 'A', () => take('angle')),
  action('rectangle', 'S', () => take('rectangle')),
  action('giveUp', 'Escape', () => take('cursor')),
  action(
    'remove',
    'Delete',
    () => {
      if (measure.selectedId !== null) measure.remove(measure.selectedId);
    },
    () => (measure.selectedId === null ? t('synthesize.measure.noneSelected') : true),
  ),
  action(
    'undo',
    'Mod+Z',
    () => measure.undo(),
    () => (measure.canUndo ? true : t('synthesize.measure.nothingToUndo')),
  ),
  action(
    'redo',
    'Mod+Shift+Z',
    () => measure.redo(),
    () => (measure.canRedo ? true : t('synthesize.measure.nothingToRedo')),
  ),
  action('crosshair', 'X', () => (viewer.crosshair = !viewer.crosshair)),
  action('smooth', 'I', () => (viewer.smooth = !viewer.smooth)),
  action(
    'generate',
    'Shift+G',
    () => void generate.start(),
    () => generate.obstacle ?? true,
  ),
  action(
    'export',
    'E',
    () => void exporting.begin('dicom'),
    () => (study.sctId === null ? t('synthesize.export.noSct') : true),
  ),
  action(
    'exportNifti',
    'Shift+E',
    () => void exporting.begin('nifti'),
    () => (study.sctId === null ? t('synthesize.export.noSct') : true),
  ),
];
