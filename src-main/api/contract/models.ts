/**
 * Models, and the devices they run on.
 *
 * GET  /api/models                                    → ModelSummary[]
 * GET  /api/models/:model                             → ModelDetail (the card)
 * GET  /api/devices                                   → DeviceSummary[] (probed once, may take seconds)
 */

export interface ModelSummary {
  readonly modelId: string;
  readonly name: string;
  readonly version: string;
  readonly createdAt: string;
  readonly weightHash: string;
  /** `workspace`: trained or imported here; `bundled`: ships with the program, phantoms only. */
  readonly origin: 'workspace' | 'bundled';
  readonly method: string | null;
  readonly cases: number | null;
  /** Why it cannot be used; null for a model that can. Of one that cannot only `modelId`, `origin` and `name` say anything. */
  readonly problem: string | null;
}

export interface ModelDetail extends ModelSummary {
  /** `card.json` as it is. */
  readonly card: Readonly<Record<string, unknown>>;
}

export interface DeviceSummary {
  readonly name: string;
  readonly usable: boolean;
  /** What it is, in English. */
  readonly title: string;
  /** How it compares with the CPU, or why it is not usable, in English; may be empty. */
  readonly note: string;
}
