/** The plane that cuts the bone open: across one of the patient's axes, at a share of the bone's extent. */
import type { Vector3 } from '../lib/geometry.ts';
import type { Bounds } from '../lib/meshCamera.ts';
import type { ClipPlane } from '../lib/meshPick.ts';

export const clipAxes = ['sagittal', 'coronal', 'axial'] as const;
export type ClipAxis = (typeof clipAxes)[number];

/** The axis across each plane: 0 right–left, 1 anterior–posterior, 2 inferior–superior. */
const across: Record<ClipAxis, 0 | 1 | 2> = { sagittal: 0, coronal: 1, axial: 2 };

export class BoneClip {
  on = $state(false);
  axis = $state<ClipAxis>('coronal');
  /** From the low end of the axis in LPS (right, anterior, inferior) to the high end. */
  share = $state(0.5);
  flipped = $state(false);

  /** Where the plane lies on its axis, LPS mm. */
  positionMm({ low, high }: Bounds): number {
    const axis = across[this.axis];
    return low[axis] + this.share * (high[axis] - low[axis]);
  }

  /** Keeps the far half: what is to the left, behind and above; flipped, the other. Null while off. */
  plane(bounds: Bounds): ClipPlane | null {
    if (!this.on) return null;
    const axis = across[this.axis];
    const unit = [0, 1, 2].map((n) => (n === axis ? (this.flipped ? -1 : 1) : 0)) as unknown as Vector3;
    const point = [0, 1, 2].map((n) => (n === axis ? this.positionMm(bounds) : 0)) as unknown as Vector3;
    return { point, normal: unit };
  }

  /** Moves the plane by mm along its axis. */
  moveBy(mm: number, { low, high }: Bounds): void {
    const axis = across[this.axis];
    const extent = Math.max(1, high[axis] - low[axis]);
    this.share = Math.min(1, Math.max(0, this.share + mm / extent));
  }
}
