/** Two volumes in one viewport: wipe, checkerboard, blend, blink, difference. The viewports of the pair's second image show it. */
import { differences } from './differences.svelte.ts';
import type { ImageName } from './viewer.svelte.ts';

export const COMPARE_MODES = ['side', 'wipe', 'checker', 'blend', 'blink', 'difference'] as const;
export type CompareMode = (typeof COMPARE_MODES)[number];

/** The system's wish for little motion. */
const reducedMotion = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

class Compare {
  mode = $state<CompareMode>('side');
  /** The first lies left of the wipe line and comes first in blinking; the difference is second − first. */
  pair = $state.raw<readonly [ImageName, ImageName]>(['ct', 'sct']);
  /** Place of the wipe line, share of the viewport's width from the left. */
  wipe = $state(0.5);
  checkMm = $state(20);
  /** How much of the second image is seen over the first. */
  blend = $state(0.5);
  /** Changes per second. */
  blinkHz = $state(2);
  blinking = $state(false);
  /** Which of the pair a blinking viewport shows now. */
  second = $state(false);

  choose(mode: CompareMode): void {
    this.mode = mode;
    this.second = false;
    // With reduced motion nothing blinks by itself; the person may ask for it.
    this.blinking = mode === 'blink' && !reducedMotion();
    if (mode === 'difference') differences.want(this.pair[1], this.pair[0]);
  }

  next(): void {
    this.choose(COMPARE_MODES[(COMPARE_MODES.indexOf(this.mode) + 1) % COMPARE_MODES.length] ?? 'side');
  }

  choosePair(pair: readonly [ImageName, ImageName]): void {
    this.pair = pair;
    if (this.mode === 'difference') differences.want(pair[1], pair[0]);
  }

  swap(): void {
    this.choosePair([this.pair[1], this.pair[0]]);
  }

  /** Shows the other one of the pair. */
  flip(): void {
    if (this.mode !== 'blink') this.choose('blink');
    this.blinking = false;
    this.second = !this.second;
  }

  /** Blinks until the result is called; for the view while it is shown. */
  run(): () => void {
    const timer = setInterval(() => {
      this.second = !this.second;
    }, 1000 / this.blinkHz);
    return () => clearInterval(timer);
  }
}

export const compare = new Compare();
