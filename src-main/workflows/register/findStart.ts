/**
 * Where a search for the rigid registration begins. Images that share a frame of reference, or whose files say nothing of one, begin as they lie,
 * if they meet there at all. Others begin body on body: centres of gravity of the body masks left–right and front–back, and along the body,
 * where a CT mostly reaches farther than an MR so that its centre says little, the place of the highest mutual information.
 */
import { bodyMask } from '../../imaging/mask/bodyMask.ts';
import { mutualInformation } from '../../imaging/metrics/mutualInformation.ts';
import { resampleVolume } from '../../imaging/resample/resampleVolume.ts';
import { applyAffine, type Affine, type Vector3 } from '../../shared/affine.ts';
import { identityAffine } from '../../shared/rigidTransform.ts';
import type { Volume } from '../../shared/volume.ts';
import { bodyCoverage } from './bodyOverlap.ts';
import { moveVolume } from './moveVolume.ts';
import type { RegistrationLevel } from './registrationLevels.ts';

/** `as-they-lie`, `bodies` (body on body) or `by-hand` (where a person has put the CT). */
export type StartKind = 'as-they-lie' | 'bodies' | 'by-hand';

export interface RegistrationStart {
  readonly how: StartKind;
  /** CT → MR, LPS mm. */
  readonly ctToMr: Affine;
}

/** Share of the MR's body that the CT must reach for a pair to begin as it lies. */
const leastMeeting = 0.25;
const stepMm = 4;
/** Of the best reachable cover, what a place must have to be compared: mutual information of a sliver says nothing. */
const coverShare = 0.9;

/** From the coarsest level. Throws NO_BODY_FOUND. */
export function findStart({ mr, ct }: RegistrationLevel, sharesFrame: boolean): RegistrationStart {
  const body = bodyMask(mr, { dilationMm: 0, subject: 'the MR' });
  if (sharesFrame && bodyCoverage(body, ct.grid) >= leastMeeting)
    return { how: 'as-they-lie', ctToMr: identityAffine };
  const [mrX, mrY] = centreOfMass(body);
  const [ctX, ctY] = centreOfMass(bodyMask(ct, { dilationMm: 0, subject: 'the CT' }));
  const shiftTo = (z: number): Affine => [1, 0, 0, mrX - ctX, 0, 1, 0, mrY - ctY, 0, 0, 1, z];
  const places = heights(mr, ct).map((z) => {
    const ctToMr = shiftTo(z);
    const moved = moveVolume(ct, ctToMr);
    return { ctToMr, moved, coverage: bodyCoverage(body, moved.grid) };
  });
  const least = coverShare * Math.max(...places.map(({ coverage }) => coverage));
  let best = { ctToMr: shiftTo(0), information: -Infinity };
  for (const { ctToMr, moved, coverage } of places) {
    if (coverage < least) continue;
    const onMr = resampleVolume(moved, mr.grid, { interpolation: 'linear', outside: NaN });
    const information = mutualInformation(onMr.data, mr.data, body.data, { bins: 32 })?.mutualInformation;
    if (information !== undefined && information > best.information) best = { ctToMr, information };
  }
  return { how: 'bodies', ctToMr: best.ctToMr };
}

/** Shifts along z at which the two images touch, mm. */
function heights(mr: Volume, ct: Volume): number[] {
  const [mrLow, mrHigh] = reachAlongZ(mr);
  const [ctLow, ctHigh] = reachAlongZ(ct);
  const from = mrLow - ctHigh;
  const count = Math.floor((mrHigh - ctLow - from) / stepMm) + 1;
  return Array.from({ length: count }, (_, at) => from + at * stepMm);
}

function reachAlongZ({ grid: { size, indexToLps } }: Volume): readonly [number, number] {
  const ends = [0, 1].flatMap((i) =>
    [0, 1].flatMap((j) =>
      [0, 1].map(
        (k) => applyAffine(indexToLps, [i * (size[0] - 1), j * (size[1] - 1), k * (size[2] - 1)])[2],
      ),
    ),
  );
  return [Math.min(...ends), Math.max(...ends)];
}

/** Of the voxels above zero, LPS mm. */
function centreOfMass({ grid: { size, indexToLps }, data }: Volume): Vector3 {
  const [nx, ny, nz] = size;
  const sum = [0, 0, 0] as [number, number, number];
  let count = 0;
  let at = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, at++) {
        if (!((data[at] as number) > 0)) continue;
        sum[0] += i;
        sum[1] += j;
        sum[2] += k;
        count++;
      }
  return applyAffine(indexToLps, [sum[0] / count, sum[1] / count, sum[2] / count]);
}
