/**
 * Networks whose published weights a metric or loss needs. Ilium carries none of them, and a metric whose weights are
 * missing is shown as not installed, never replaced by another network.
 */
export interface NetworkWeights {
  readonly name: string;
  readonly usedFor: string;
  readonly installed: boolean;
}

export const networkWeights: readonly NetworkWeights[] = [
  { name: 'LPIPS AlexNet', usedFor: 'LPIPS in evaluate', installed: false },
  { name: 'VGG-19', usedFor: 'perceptual and contextual losses', installed: false },
];
