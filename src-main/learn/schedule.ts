/**
 * Learning rate of pGAN: constant for the first half, then linear to 0. `factor = 1 − max(0, e + 2 − constant) / (decay + 1)` for the 0-based
 * epoch e, as the official scheduler computes it: the decay begins one epoch early and the very last epoch runs with rate 0.
 * Without decay epochs the rate stays constant.
 */
export function learningRateFactor(epoch: number, constantEpochs: number, decayEpochs: number): number {
  if (decayEpochs === 0) return 1;
  return 1 - Math.max(0, epoch + 2 - constantEpochs) / (decayEpochs + 1);
}
