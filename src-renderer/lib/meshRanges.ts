/**
 * Lowest and highest value of each row's pieces, made once per volume: a threshold outside a piece's range has no surface
 * there, which lets the extraction skip most of a body.
 */
import type { MeshVolume, VoxelData } from './meshTypes.ts';

/** Cells in a piece. */
export const pieceLength = 16;

export interface MeshRanges {
  readonly piecesPerRow: number;
  /** By piece, row, slice. A piece includes the first voxel of the next, which its last cell reaches. */
  readonly low: VoxelData;
  readonly high: VoxelData;
}

export function measureRanges({ size: [nx, ny, nz], data }: MeshVolume): MeshRanges {
  const piecesPerRow = Math.max(1, Math.ceil((nx - 1) / pieceLength));
  const low = data.slice(0, 0).constructor as new (length: number) => VoxelData;
  const ranges = {
    piecesPerRow,
    low: new low(piecesPerRow * ny * nz),
    high: new low(piecesPerRow * ny * nz),
  };
  let out = 0;
  for (let row = 0; row < ny * nz; row++) {
    for (let piece = 0; piece < piecesPerRow; piece++, out++) {
      const from = row * nx + piece * pieceLength;
      const to = row * nx + Math.min(nx - 1, (piece + 1) * pieceLength);
      let least = data[from] as number;
      let most = least;
      for (let at = from + 1; at <= to; at++) {
        const value = data[at] as number;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      ranges.low[out] = least;
      ranges.high[out] = most;
    }
  }
  return ranges;
}
