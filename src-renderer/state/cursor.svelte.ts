/** The one cursor of the window, in patient space: every view of every desk answers it. */
import { distance, nearestVoxelCentre, type Vector3 } from '../lib/geometry.ts';
import type { GridBody } from '../../src-main/api/contract.ts';

class Cursor {
  /** LPS mm; null while no study is open. */
  lps = $state.raw<Vector3 | null>(null);
  /** With a reference grid the cursor rests on its voxel centres, so that the value read is the pixel shown in all planes. */
  #grid: GridBody | null = null;

  /** Sets the grid the cursor rests on and puts the cursor at `lps`. */
  attach(grid: GridBody, lps: Vector3): void {
    this.#grid = grid;
    this.moveTo(lps);
  }

  detach(): void {
    this.#grid = null;
    this.lps = null;
  }

  moveTo(lps: Vector3): void {
    const next = this.#grid ? nearestVoxelCentre(this.#grid, lps) : lps;
    if (!this.lps || distance(this.lps, next) > 1e-6) this.lps = next;
  }
}

export const cursor = new Cursor();
