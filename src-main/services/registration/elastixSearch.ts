/**
 * One resolution of a rigid search by elastix (S. Klein et al., IEEE TMI 29, 2010; M. Staring's ITK-Wasm build): Mattes mutual information
 * (32 bins), stochastic gradient descent on random samples from a fixed seed, so that the same images give the same numbers. Blocks its
 * thread for seconds: for a worker process.
 */
import { elastixNode } from '@itk-wasm/elastix';
import { z } from 'zod';
import { AppError } from '../../shared/appError.ts';
import { affineAxes, affineSpacing, type Affine } from '../../shared/affine.ts';
import type { Volume } from '../../shared/volume.ts';
import type { RigidSearch } from '../../workflows/register/registerPair.ts';

/** What the record of a registration says of the search. */
export const elastixFacts = {
  program: 'elastix (@itk-wasm/elastix 1.0.1)',
  metric: 'AdvancedMattesMutualInformation',
  bins: 32,
  seed: 20240411,
} as const;

type ItkImageClass = NonNullable<NonNullable<Parameters<typeof elastixNode>[1]>['fixed']>;
/** Plain data is what it wants; its classes only fill in defaults. */
type Plain<T> = { [K in keyof T]: T[K] };
type ItkImage = Plain<Omit<ItkImageClass, 'imageType'>> & { imageType: Plain<ItkImageClass['imageType']> };

/** elastix takes every value as a list of texts. Not named: its defaults. */
const parameters = {
  Registration: ['MultiResolutionRegistration'],
  Transform: ['EulerTransform'],
  Metric: [elastixFacts.metric],
  NumberOfHistogramBins: [String(elastixFacts.bins)],
  Optimizer: ['AdaptiveStochasticGradientDescent'],
  AutomaticParameterEstimation: ['true'],
  AutomaticScalesEstimation: ['true'],
  AutomaticTransformInitialization: ['false'],
  ImageSampler: ['RandomCoordinate'],
  NewSamplesEveryIteration: ['true'],
  NumberOfSpatialSamples: ['4096'],
  NumberOfSamplesForExactGradient: ['4096'],
  CheckNumberOfSamples: ['true'],
  MaximumNumberOfSamplingAttempts: ['8'],
  MaximumNumberOfIterations: ['300'],
  RandomSeed: [String(elastixFacts.seed)],
  // The images come at the resolution they are to be searched at.
  NumberOfResolutions: ['1'],
  ImagePyramidSchedule: ['1', '1', '1'],
  FixedImagePyramid: ['FixedSmoothingImagePyramid'],
  MovingImagePyramid: ['MovingSmoothingImagePyramid'],
  Interpolator: ['LinearInterpolator'],
  ResampleInterpolator: ['FinalLinearInterpolator'],
  Resampler: ['DefaultResampler'],
  ResultImageFormat: ['nii'],
  WriteIterationInfo: ['false'],
  WriteResultImage: ['true'],
};

const three = z.tuple([z.coerce.number(), z.coerce.number(), z.coerce.number()]);
const resultSchema = z.tuple([
  z.object({
    Transform: z.tuple([z.literal('EulerTransform')]),
    ComputeZYX: z.tuple([z.literal('false')]),
    CenterOfRotationPoint: three,
    TransformParameters: z.array(z.coerce.number()).length(6),
  }),
]);

export interface ElastixResult {
  /** Points of the fixed image → points of the moving image, LPS mm. */
  readonly fixedToMoving: Affine;
  /** The moving image on the fixed one's grid, as elastix itself resamples it (linear, 0 outside). */
  readonly resampled: Volume<Float32Array>;
}

/** Throws REGISTRATION_FAILED, mostly where the images do not meet. */
export async function runElastix(
  fixed: Volume<Float32Array>,
  moving: Volume<Float32Array>,
): Promise<ElastixResult> {
  try {
    const { transformParameterObject, result } = await elastixNode([parameters], {
      fixed: toItkImage(fixed),
      moving: toItkImage(moving),
    });
    const [found] = resultSchema.parse(transformParameterObject);
    if (!(result.data instanceof Float32Array)) throw new Error('The result is no image of floats.');
    return {
      fixedToMoving: eulerAffine(found.TransformParameters, found.CenterOfRotationPoint),
      resampled: { grid: fixed.grid, data: result.data },
    };
  } catch (error) {
    // What elastix throws across the WASM border is a number without words.
    const reason = 'elastix gave up, mostly because the two images hardly meet';
    throw new AppError('REGISTRATION_FAILED', { reason }, { cause: error });
  }
}

export const elastixSearch: RigidSearch = async (fixed, moving) =>
  (await runElastix(fixed, moving)).fixedToMoving;

function toItkImage({ grid: { size, indexToLps }, data }: Volume<Float32Array>): ItkImage {
  const [i, j, k] = affineAxes(indexToLps);
  return {
    imageType: { dimension: 3, componentType: 'float32', pixelType: 'Scalar', components: 1 },
    name: '',
    origin: [indexToLps[3], indexToLps[7], indexToLps[11]],
    spacing: [...affineSpacing(indexToLps)],
    // Row-major, the axes as columns.
    direction: Float64Array.of(i[0], j[0], k[0], i[1], j[1], k[1], i[2], j[2], k[2]),
    size: [...size],
    metadata: new Map(),
    data,
  };
}

/** ITK's Euler3DTransform with ComputeZYX off: x' = Rz·Rx·Ry (x − c) + c + t, angles in radians. */
function eulerAffine(values: readonly number[], [px, py, pz]: readonly [number, number, number]): Affine {
  const [x = 0, y = 0, z = 0, tx = 0, ty = 0, tz = 0] = values;
  const [cx, sx, cy, sy, cz, sz] = [
    Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y), Math.cos(z), Math.sin(z),
  ]; // prettier-ignore
  const [a, b, c] = [cz * cy - sz * sx * sy, -sz * cx, cz * sy + sz * sx * cy];
  const [d, e, f] = [sz * cy + cz * sx * sy, cz * cx, sz * sy - cz * sx * cy];
  const [g, h, i] = [-cx * sy, sx, cx * cy];
  return [
    a, b, c, px + tx - (a * px + b * py + c * pz),
    d, e, f, py + ty - (d * px + e * py + f * pz),
    g, h, i, pz + tz - (g * px + h * py + i * pz),
  ]; // prettier-ignore
}
