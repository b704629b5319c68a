/**
 * What each training method is made of (the abstract's comparison). All share pGAN's generator, discriminator, pixel and adversarial loss;
 * the rest are parts that can be switched one by one. Code asks for a part, never for a method's name.
 */

export const methodPartNames = ['weights', 'perceptual', 'contextual', 'registration'] as const;
export type MethodPart = (typeof methodPartNames)[number];

/**
 * `weights`: the pixel loss is weighed by the meta-learned map. `perceptual`: L1 of VGG-16 features (pGAN). `contextual`: contextual loss of
 * VGG-19 features. `registration`: pixel and perceptual loss judge the output after a learned warp to the target (RegGAN).
 */
export type MethodParts = Readonly<Record<MethodPart, boolean>>;

export const trainingMethods = ['pgan', 'reg-pgan', 'ctx-pgan', 'meta'] as const;
export type TrainingMethod = (typeof trainingMethods)[number];

export const methodParts: Readonly<Record<TrainingMethod, MethodParts>> = {
  pgan: { weights: false, perceptual: true, contextual: false, registration: false },
  'reg-pgan': { weights: false, perceptual: true, contextual: false, registration: true },
  'ctx-pgan': { weights: false, perceptual: false, contextual: true, registration: false },
  meta: { weights: true, perceptual: false, contextual: true, registration: false },
};

/** Where features come from: the VGG weights that are installed, the same networks untrained, or no feature losses at all. */
export const featureSources = ['vgg', 'random', 'none'] as const;
export type FeatureSource = (typeof featureSources)[number];

/** Parts that are losses on features of a network. */
export const featureParts = ['perceptual', 'contextual'] as const satisfies readonly MethodPart[];

/** The parts of `method` with `overrides`; without features its feature losses are off, unless an override asks for one. */
export function resolveParts(
  method: TrainingMethod,
  overrides: Partial<MethodParts>,
  features: FeatureSource,
): MethodParts {
  const off = features === 'none' ? { perceptual: false, contextual: false } : {};
  return { ...methodParts[method], ...off, ...overrides };
}

/** Whether nothing is left of what tells `method` from pgan where there are no features. */
export function needsFeatures(method: TrainingMethod): boolean {
  const { weights, contextual, registration } = methodParts[method];
  return contextual && !weights && !registration;
}
