/** What the Synthesize desk does by itself while it is shown: follow the open case, the running job, what has to be computed. */
import { untrack } from 'svelte';
import { app } from './app.svelte.ts';
import { compare } from './compare.svelte.ts';
import { differences } from './differences.svelte.ts';
import { generate } from './generate.svelte.ts';
import { measure } from './measure.svelte.ts';
import { nudge } from './nudge.svelte.ts';
import { overlay } from './overlay.svelte.ts';
import { structures } from './structures.svelte.ts';
import { study } from './study.svelte.ts';
import { IMAGE_NAMES, LAYOUTS, viewer } from './viewer.svelte.ts';

const MEMORY = 'synthesize.place';

/** To be called in a component; what it starts ends with the component. */
export function followDesk(): void {
  recall();

  let before = study.caseId;
  $effect(() => {
    const { caseId } = app;
    untrack(() => study.follow(caseId));
  });
  $effect(() => {
    const { caseId } = study;
    if (caseId === before) return;
    before = caseId;
    untrack(() => {
      viewer.forget();
      measure.forget();
      nudge.end();
      generate.unfollow();
    });
  });
  $effect(() => {
    if (study.detail) untrack(() => nudge.follow());
  });
  $effect(() => {
    const { detail } = study;
    untrack(() => void structures.follow(detail));
  });
  $effect(() => app.onChanged('cases', () => void study.refresh()));

  $effect(() => {
    const { job } = generate;
    if (job) untrack(() => generate.follow(job.jobId, job.subject));
  });

  // A map that the next study does not have is not kept waiting for it.
  $effect(() => {
    if (study.detail && !study.loading && overlay.missing(overlay.kind) !== null) overlay.show('none');
  });

  // What the rails and the maps need, as soon as the volumes are there.
  $effect(() => {
    const { ct, sct } = study.volumes;
    untrack(() => {
      differences.letGo();
      if (ct) differences.wantBone('ct');
      if (sct && !ct) differences.wantBone('sct');
      if (ct && sct) differences.want('sct', 'ct');
      if (compare.mode === 'difference') differences.want(compare.pair[1], compare.pair[0]);
    });
  });

  $effect(() => {
    if (compare.blinking && compare.blinkHz > 0) return compare.run();
    return undefined;
  });

  $effect(() => {
    const { layout, planesImage, smooth, crosshair, huWindow } = viewer;
    const { opacity, rangeHu } = overlay;
    app.remember(MEMORY, { layout, planesImage, smooth, crosshair, huWindow, opacity, rangeHu });
  });
}

/** Takes up what an earlier session left, as far as it still makes sense. */
function recall(): void {
  const place = app.recall(MEMORY);
  if (typeof place !== 'object' || place === null) return;
  const read = (key: string): unknown => (place as Record<string, unknown>)[key];
  viewer.layout = LAYOUTS.find((layout) => layout === read('layout')) ?? viewer.layout;
  viewer.planesImage = IMAGE_NAMES.find((image) => image === read('planesImage')) ?? viewer.planesImage;
  const [smooth, crosshair, opacity, range] = [
    read('smooth'),
    read('crosshair'),
    read('opacity'),
    read('rangeHu'),
  ];
  if (typeof smooth === 'boolean') viewer.smooth = smooth;
  if (typeof crosshair === 'boolean') viewer.crosshair = crosshair;
  if (typeof opacity === 'number' && opacity >= 0 && opacity <= 1) overlay.opacity = opacity;
  if (typeof range === 'number' && range >= 10) overlay.rangeHu = range;
  const huWindow = read('huWindow');
  if (typeof huWindow === 'object' && huWindow !== null && 'width' in huWindow && 'level' in huWindow) {
    const { width, level } = huWindow;
    if (typeof width === 'number' && width > 0 && typeof level === 'number')
      viewer.huWindow = { width, level };
  }
}
