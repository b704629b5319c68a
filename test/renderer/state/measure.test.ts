import { beforeEach, describe, expect, it } from 'vitest';
import { liesOn, measure } from '../../../src-renderer/state/measure.svelte.ts';
import { viewPlanes } from '../../../src-renderer/lib/viewPlane.ts';
import { header } from '../fixtures/volumes.ts';

const { axial, coronal } = viewPlanes(header);
const kinds = (): readonly string[] => measure.list.map(({ kind }) => kind);
function draw(): void {
  measure.begin('ruler', [0, 0, 0], axial);
  measure.follow([1, 0, 0]);
  measure.place([3, 0, 0]);
}

beforeEach(() => measure.forget());

describe('measure', () => {
  it('draws a ruler from press to release and selects it', () => {
    draw();
    expect(measure.list[0]!.points).toEqual([
      [0, 0, 0],
      [3, 0, 0],
    ]);
    expect([measure.draft, measure.selectedId]).toEqual([null, measure.list[0]!.id]);
  });

  it('asks for a third point of an angle', () => {
    measure.begin('angle', [1, 0, 0], axial);
    expect(measure.place([0, 0, 0])).toBe(false);
    measure.follow([0, 1, 0]);
    expect(measure.place([0, 2, 0])).toBe(true);
    expect(measure.list[0]!.points.at(-1)).toEqual([0, 2, 0]);
  });

  it('undoes and redoes drawing, moving and deleting in order', () => {
    draw();
    const { id } = measure.list[0]!;
    const before = measure.list;
    measure.movePoint(before, id, 1, [5, 0, 0]);
    measure.movePoint(before, id, 1, [6, 0, 0]);
    measure.settle(before);
    measure.remove(id);
    expect(kinds()).toEqual([]);
    measure.undo();
    expect(measure.list[0]!.points[1]).toEqual([6, 0, 0]);
    measure.undo();
    expect(measure.list[0]!.points[1]).toEqual([3, 0, 0]);
    measure.undo();
    expect([kinds(), measure.canUndo]).toEqual([[], false]);
    measure.redo();
    measure.redo();
    expect(measure.list[0]!.points[1]).toEqual([6, 0, 0]);
  });

  it('forgets what could be redone once something new is drawn', () => {
    draw();
    measure.undo();
    draw();
    expect(measure.canRedo).toBe(false);
  });

  it('leaves nothing behind when a drawing is given up', () => {
    measure.begin('rectangle', [0, 0, 0], axial);
    measure.dropDraft();
    expect([measure.draft, kinds(), measure.canUndo]).toEqual([null, [], false]);
  });

  it('shows a measurement on its own slice and plane alone', () => {
    draw();
    const [entry] = measure.list;
    expect(liesOn(entry!, axial, [9, 9, 1.2])).toBe(true);
    expect(liesOn(entry!, axial, [9, 9, 1.3])).toBe(false);
    expect(liesOn(entry!, coronal, [9, 0, 0])).toBe(false);
  });
});
