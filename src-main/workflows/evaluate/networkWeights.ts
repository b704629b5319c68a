/**
 * Networks whose published weights a metric or loss needs. Ilium carries none of them, and a metric whose weights are
 * missing is shown as not installed, never replaced by another network.
 */
export interface NetworkWeights {
  readonly name: string;
  readonly usedFor: string;
  readonly installed: boolean;
  /** The metric of the evaluation report that needs them. */
  readonly metric?: string;
}

export const networkWeights: readonly NetworkWeights[] = [
  { name: 'LPIPS AlexNet', usedFor: 'LPIPS in evaluate', installed: false, metric: 'LPIPS' },
  { name: 'VGG-19', usedFor: 'perceptual and contextual losses', installed: false },
];
