/** The one cursor of the window, in patient space: every view of every desk answers it. */
import { distance, nearestVoxelCentre, type Vector3 } from '../lib/geometry.ts';
import type { GridBody } from '../../src-main/api/contract/volumes.ts';

class Cursor {
  /** LPS mm; null while no study is open. */
  lps = $state.raw<Vector3 | null>(null);
  /** With a reference grid the cursor rests on its voxel centres, so that the value read is the pixel shown in all planes. */
  #grid: GridBody | null = null;
  /** Where the cursor was before it was led; null while it is not led. */
  #home: Vector3 | null = null;

  /** Sets the grid the cursor rests on and puts the cursor at `lps`. */
  attach(grid: GridBody, lps: Vector3): void {
    this.#grid = grid;
    this.moveTo(lps);
    this.lead();
  }

  /** From now on `guide` leads the cursor, until somebody moves it. */
  lead(): void {
    this.#home = this.lps;
  }

  /** Moves the cursor where there is something new to see; does nothing once a person has moved it. */
  guide(lps: Vector3): void {
    const home = this.#home;
    if (!home) return;
    this.moveTo(lps);
    this.#home = home;
  }

  /** Ends the leading; a cursor that nobody moved goes back to where it was. */
  goHome(): void {
    if (this.#home) this.moveTo(this.#home);
    this.#home = null;
  }

  detach(): void {
    this.#home = null;
    this.#grid = null;
    this.lps = null;
  }

  moveTo(lps: Vector3): void {
    this.#home = null;
    const next = this.#grid ? nearestVoxelCentre(this.#grid, lps) : lps;
    if (!this.lps || distance(this.lps, next) > 1e-6) this.lps = next;
  }
}

export const cursor = new Cursor();
