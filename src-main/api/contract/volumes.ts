/** Volumes and slices as they travel: headers beside binary voxels. */

export type Vector3Body = readonly [number, number, number];

export interface GridBody {
  /** Voxels along i, j, k. */
  readonly size: Vector3Body;
  /** Row-major 3×4: voxel index → LPS mm. */
  readonly indexToLps: readonly number[];
}

export interface VolumeHeader extends GridBody {
  readonly type: 'int16' | 'uint16' | 'uint8' | 'int8' | 'float32' | 'int32' | 'float64';
  readonly unit: 'HU' | 'signal' | 'label' | 'weight';
  /** 0.5 and 99.5 percentile inside the body (MR: the automatic window). */
  readonly typicalRange: readonly [number, number];
}

export interface SliceHeader {
  readonly width: number;
  readonly height: number;
  /** Index of the slice's first pixel → LPS mm, row-major 3×4, k = this slice. */
  readonly indexToLps: readonly number[];
}
