/** What of the loss chart a person chose: stretch, scale, curves; and where the pointer is. */
import { chartCurves, type ChartCurve } from '../lib/chartLog.ts';

export class RunChart {
  /** First and last step shown; null: all of them. */
  zoom = $state.raw<readonly [number, number] | null>(null);
  logarithmic = $state(true);
  /** The flow's smoothness is hidden at first: decades below the other losses, it would press them together. */
  visible = $state.raw<readonly ChartCurve[]>(chartCurves.filter((curve) => curve !== 'smoothness'));
  /** Step under the pointer. */
  hovered = $state<number | null>(null);

  /** Steps shown of a log that ends at `lastStep`. */
  range(lastStep: number): readonly [number, number] {
    return this.zoom ?? [1, Math.max(2, lastStep)];
  }

  toggle(curve: ChartCurve): void {
    this.visible = this.visible.includes(curve)
      ? this.visible.filter((one) => one !== curve)
      : [...this.visible, curve];
  }

  /** Zooms about the middle; a factor below 1 shows less. */
  zoomBy(factor: number, lastStep: number): void {
    const [from, to] = this.range(lastStep);
    const [middle, half] = [(from + to) / 2, ((to - from) / 2) * factor];
    const next = [Math.max(1, middle - half), Math.min(lastStep, middle + half)] as const;
    this.zoom = next[1] - next[0] >= lastStep - 1 ? null : next[1] - next[0] < 4 ? this.zoom : next;
  }
}
