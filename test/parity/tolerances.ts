/** How far our float32 results may be from the float64 oracle. Ratios are max |difference| / max |oracle| unless said otherwise. */
export const parityTolerances = {
  /** u, w and the validation loss of one meta step; the bound promised for `ilium weight-map`. */
  weightMap: 1e-3,
  /** The same after earlier training steps, whose rounding it inherits. */
  weightMapInTraining: 1e-3,
  /** Gradients of the first step. */
  gradient: 1e-4,
  /** Every tap of a feature network, and LPIPS. */
  features: 1e-4,
  /** Losses of every step, each relative to itself. */
  loss: 1e-4,
  /**
   * Root mean square of (our update − the oracle's) over that of the oracle's update, after K steps. Not the largest: Adam moves a
   * parameter whose gradient is nearly 0 by the whole learning rate in a direction that rounding decides.
   */
  update: 1e-3,
} as const;
