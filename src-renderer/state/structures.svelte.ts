/** Structure sets of the open case: their contours placed in its reference volume, what is shown, HU inside the regions. */
import type { CaseDetail, RegionBody, StructureSetBody } from '../../src-main/api/contract/cases.ts';
import { client, isAbort } from '../lib/client.ts';
import { placeContour, type PlacedContour } from '../lib/contourPaths.ts';
import { pairKey } from './imagesKey.ts';
import { notifyError } from './notices.svelte.ts';
import { study } from './study.svelte.ts';

export interface ShownRegion {
  /** Of the set and the region. */
  readonly key: string;
  readonly number: number;
  readonly name: string;
  /** For CSS. */
  readonly colour: string;
  readonly contours: readonly PlacedContour[];
}

export interface ShownSet extends Pick<StructureSetBody, 'structureSetId' | 'label' | 'fits' | 'findings'> {
  readonly regions: readonly ShownRegion[];
}

/** For regions whose file names no colour; told apart on grey. */
const spare = ['#ffb000', '#4cc9f0', '#f72585', '#70e000', '#c77dff', '#ff7b54'] as const;

class Structures {
  sets = $state.raw<readonly ShownSet[]>([]);
  /** Keys of regions that are not shown. */
  hidden = $state.raw<ReadonlySet<string>>(new Set());
  /** All of them at once, by the quick key. */
  shown = $state(true);
  /** By set and sCT. */
  #statistics = $state.raw<ReadonlyMap<string, readonly RegionBody[]>>(new Map());
  /** Id of the set that is being measured. */
  measuring = $state.raw<string | null>(null);
  #caseId: string | null = null;
  /** Of what the sets were taken up. */
  #taken = '';

  /** What the slices draw now. */
  readonly drawn: readonly ShownRegion[] = $derived(
    this.shown ? this.sets.flatMap(({ regions }) => regions).filter(({ key }) => !this.hidden.has(key)) : [],
  );

  /** Takes up the sets of the case that is open; asks only where it has some, and again when there are more. */
  async follow(detail: CaseDetail | null): Promise<void> {
    const [caseId, count] = [detail?.caseId ?? null, detail?.structureSets ?? 0];
    const grid = detail?.mr ?? detail?.ct;
    // Images may be replaced or moved: contours are placed in them, and HU are measured in them.
    const taken = JSON.stringify([count, detail && pairKey(detail)]);
    if (taken === this.#taken) return;
    this.#taken = taken;
    if (caseId !== this.#caseId) this.hidden = new Set();
    this.#caseId = caseId;
    this.sets = [];
    this.#statistics = new Map();
    this.measuring = null;
    if (caseId === null || count === 0 || !grid) return;
    try {
      const bodies = await client.get<StructureSetBody[]>(pathOf(caseId));
      if (this.#taken !== taken) return;
      this.sets = bodies.map(({ regions, ...set }) => ({
        ...set,
        regions: regions.map(({ number, name, colour, contours }, at) => ({
          key: `${set.structureSetId} ${String(number)}`,
          number,
          name,
          colour: colour ? `rgb(${colour.join(' ')})` : (spare[at % spare.length] ?? spare[0]),
          contours: contours.map((contour) => placeContour(contour, grid)),
        })),
      }));
    } catch (error) {
      if (!isAbort(error)) notifyError(error);
    }
  }

  toggle(key: string): void {
    const others = [...this.hidden].filter((one) => one !== key);
    this.hidden = new Set(this.hidden.has(key) ? others : [...others, key]);
  }

  /** HU of a set's regions against the sCT that is looked at; null until measured. */
  statisticsOf(structureSetId: string): readonly RegionBody[] | null {
    return this.#statistics.get(`${structureSetId} ${study.sctId ?? ''}`) ?? null;
  }

  async measure(structureSetId: string): Promise<void> {
    const [caseId, sctId, taken] = [this.#caseId, study.sctId, this.#taken];
    if (caseId === null || this.measuring !== null) return;
    this.measuring = structureSetId;
    const query = sctId === null ? '' : `?sct=${encodeURIComponent(sctId)}`;
    try {
      const regions = await client.get<RegionBody[]>(
        `${pathOf(caseId)}/${structureSetId}/statistics${query}`,
      );
      if (this.#taken !== taken) return;
      this.#statistics = new Map([...this.#statistics, [`${structureSetId} ${sctId ?? ''}`, regions]]);
    } catch (error) {
      if (!isAbort(error)) notifyError(error);
    } finally {
      if (this.#taken === taken) this.measuring = null;
    }
  }
}

const pathOf = (caseId: string): string => `/api/cases/${encodeURIComponent(caseId)}/structures`;

export const structures = new Structures();
