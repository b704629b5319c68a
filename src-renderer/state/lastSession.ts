/** The window's own memory of where it was, kept by the application as one JSON record. */
import { client } from '../lib/client.ts';
import { isDeskId, type DeskId } from './desks.ts';

const schemaVersion = 1;
const delayMs = 600;

export interface Place {
  readonly desk: DeskId;
  readonly caseId: string | null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class LastSession {
  private memory: Record<string, unknown> = {};
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly place: () => Place;

  constructor(place: () => Place) {
    this.place = place;
  }

  get(key: string): unknown {
    return this.memory[key];
  }

  set(key: string, value: unknown): void {
    this.memory[key] = value;
  }

  /** Reads the record; an unreadable or newer one counts as none. */
  async load(): Promise<Place> {
    const record = await client.get<unknown>('/api/last-session').catch(() => null);
    if (!isRecord(record) || record['schemaVersion'] !== schemaVersion)
      return { desk: 'start', caseId: null };
    // What desks have said since the window opened is newer.
    if (isRecord(record['memory'])) this.memory = { ...record['memory'], ...this.memory };
    const { desk, caseId } = record;
    return { desk: isDeskId(desk) ? desk : 'start', caseId: typeof caseId === 'string' ? caseId : null };
  }

  saveSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), delayMs);
  }

  /** Losing this record costs nothing but convenience, so a failure is silent: the banner already says when nobody answers. */
  private async save(): Promise<void> {
    await client
      .put('/api/last-session', { schemaVersion, ...this.place(), memory: this.memory }, () => undefined)
      .catch(() => undefined);
  }
}
