import type { LpipsBackbone } from '../../learn/lpips.ts';

/** How LPIPS is named wherever it is shown: the backbone is part of it, since the figures of two backbones do not compare. */
export function lpipsTitle(backbone: LpipsBackbone): string {
  return `LPIPS v0.1 (${{ alex: 'AlexNet', vgg: 'VGG-16' }[backbone]})`;
}

/** Said beside its figures where nothing vouches for what they were looked at through: they compare with no others. */
export const unpublishedWeights = 'weights not the published ones';
