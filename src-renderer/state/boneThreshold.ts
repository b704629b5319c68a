/** Thresholds of bone in HU that have a name: with most of the marrow, without it, the dense shell alone. */
export const thresholdPresets = [
  { id: 'trabecular', hu: 150 },
  { id: 'bone', hu: 250 },
  { id: 'cortex', hu: 600 },
] as const;

export const thresholdStepHu = 10;
