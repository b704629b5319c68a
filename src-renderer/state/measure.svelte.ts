/** Measurements of the open study, in patient space, with undo and redo of every finished change. */
import { POINTS, type Measurement, type MeasurementKind } from '../lib/measurements.ts';
import { cross, dot, subtract, type Vector3 } from '../lib/geometry.ts';
import { sliceDistanceMm, type ViewPlane } from '../lib/viewPlane.ts';

type List = readonly Measurement[];

class Measure {
  list = $state.raw<List>([]);
  selectedId = $state<number | null>(null);
  /** One being drawn: its last point follows the pointer. */
  draft = $state.raw<Measurement | null>(null);
  #past = $state.raw<readonly List[]>([]);
  #future = $state.raw<readonly List[]>([]);
  #next = 1;

  readonly canUndo = $derived(this.#past.length > 0);
  readonly canRedo = $derived(this.#future.length > 0);

  /** Begins a measurement at a point of a plane. */
  begin(kind: MeasurementKind, at: Vector3, plane: ViewPlane): void {
    this.selectedId = null;
    this.draft = { id: this.#next, kind, points: [at, at], right: plane.right, up: plane.up };
    this.#next += 1;
  }

  /** Moves the draft's open end. */
  follow(at: Vector3): void {
    if (this.draft) this.draft = { ...this.draft, points: [...this.draft.points.slice(0, -1), at] };
  }

  /** Sets the draft's open end; true when the measurement is whole. */
  place(at: Vector3): boolean {
    this.follow(at);
    const { draft } = this;
    if (!draft) return true;
    if (draft.points.length < POINTS[draft.kind]) {
      this.draft = { ...draft, points: [...draft.points, at] };
      return false;
    }
    this.draft = null;
    this.#change([...this.list, draft]);
    this.selectedId = draft.id;
    return true;
  }

  dropDraft(): void {
    this.draft = null;
  }

  /** Moves one point while it is dragged; `settle` makes it a step that can be undone. */
  movePoint(before: List, id: number, point: number, at: Vector3): void {
    this.list = before.map((entry) =>
      entry.id === id
        ? { ...entry, points: entry.points.map((old, index) => (index === point ? at : old)) }
        : entry,
    );
  }

  settle(before: List): void {
    const now = this.list;
    if (now === before) return;
    this.list = before;
    this.#change(now);
  }

  remove(id: number): void {
    this.#change(this.list.filter((entry) => entry.id !== id));
    if (this.selectedId === id) this.selectedId = null;
  }

  removeAll(): void {
    if (this.list.length > 0) this.#change([]);
    this.selectedId = null;
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#future = [...this.#future, this.list];
    this.#past = this.#past.slice(0, -1);
    this.#use(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#past = [...this.#past, this.list];
    this.#future = this.#future.slice(0, -1);
    this.#use(after);
  }

  /** Another study: nothing of this one stays. */
  forget(): void {
    this.list = [];
    this.draft = null;
    this.selectedId = null;
    this.#past = [];
    this.#future = [];
  }

  #use(list: List): void {
    this.list = list;
    this.draft = null;
    if (!list.some(({ id }) => id === this.selectedId)) this.selectedId = null;
  }

  #change(list: List): void {
    this.#past = [...this.#past, this.list];
    this.#future = [];
    this.list = list;
  }
}

/** Whether a measurement lies on the slice of `plane` that goes through `centre`. */
export function liesOn(entry: Measurement, plane: ViewPlane, centre: Vector3): boolean {
  if (Math.abs(dot(cross(entry.right, entry.up), plane.normal)) < 0.999) return false;
  const half = sliceDistanceMm(plane) / 2;
  return entry.points.every((point) => Math.abs(dot(subtract(point, centre), plane.normal)) < half);
}

export const measure = new Measure();
