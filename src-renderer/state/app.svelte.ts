/** What the whole window knows: session, settings, cases, models, devices, the open case and the desk in front. */
import { untrack } from 'svelte';
import type { CaseSummary } from '../../src-main/api/contract/cases.ts';
import type { ServerEvent } from '../../src-main/api/contract/jobs.ts';
import type { DeviceSummary, ModelSummary } from '../../src-main/api/contract/models.ts';
import type { Session, Settings } from '../../src-main/api/contract/session.ts';
import { client } from '../lib/client.ts';
import { findingText, language } from '../lib/i18n.svelte.ts';
import { Listeners } from '../lib/listeners.ts';
import { connection } from './connection.svelte.ts';
import type { DeskId } from './desks.ts';
import { LastSession } from './lastSession.ts';
import { notify, notifyError } from './notices.svelte.ts';
import { applyTheme } from './theme.ts';

export type Changed = Extract<ServerEvent, { type: 'changed' }>['what'];

const defaults: Settings = {
  theme: 'system',
  locale: 'system',
  device: 'auto',
  restoreSession: true,
  uidRoot: '',
  resampleUneven: false,
};

class App {
  session = $state.raw<Session | null>(null);
  settings = $state.raw<Settings>(defaults);
  cases = $state.raw<readonly CaseSummary[]>([]);
  models = $state.raw<readonly ModelSummary[]>([]);
  /** Null until probed, which may take seconds. */
  devices = $state.raw<readonly DeviceSummary[] | null>(null);
  caseId = $state<string | null>(null);
  desk = $state<DeskId>('start');
  /** Whether cases and settings have been read once. */
  ready = $state(false);

  /** The open case; null when none is open or it is gone. */
  readonly openedCase = $derived(this.cases.find(({ caseId }) => caseId === this.caseId) ?? null);

  private readonly lastSession = new LastSession(() => ({ desk: this.desk, caseId: this.caseId }));
  private readonly changeListeners = new Listeners<Changed, () => void>();

  constructor() {
    connection.listen((event) => this.hear(event));
  }

  go(desk: DeskId): void {
    this.desk = desk;
    this.saveSession();
  }

  /** Opens a case in the Synthesize desk, or in the desk named. */
  openCase(caseId: string, desk: DeskId = 'synthesize'): void {
    this.caseId = caseId;
    this.go(desk);
  }

  closeCase(): void {
    this.caseId = null;
    this.saveSession();
  }

  /** Keeps a desk's own state (plain JSON) over restarts. */
  remember(key: string, value: unknown): void {
    this.lastSession.set(key, value);
    this.saveSession();
  }

  /** What `remember` was given last, from this or an earlier session; check its shape. */
  recall(key: string): unknown {
    return this.lastSession.get(key);
  }

  /** Reads everything; called at the start and whenever the application has come back. What cannot be read is said, the rest is shown. */
  async load(): Promise<void> {
    const parts = await Promise.allSettled([
      this.readSession(),
      this.read('settings'),
      this.read('cases'),
      this.read('models'),
    ]);
    for (const part of parts) if (part.status === 'rejected') notifyError(part.reason);
    this.tellNotices();
    if (!this.devices) void this.loadDevices();
    if (this.ready) for (const listen of this.changeListeners.all()) listen();
    else if (this.session) {
      await this.restore();
      this.ready = true;
    }
  }

  /** Reads one thing again and tells who listens; desks listen for what is theirs (`cohort`, `runs`). */
  async refresh(what: Changed): Promise<void> {
    try {
      await this.read(what);
    } catch (error) {
      notifyError(error);
    }
    for (const listen of this.changeListeners.of(what)) listen();
  }

  /** Hears when something was read again or has changed; call the result to stop. */
  onChanged(what: Changed, listener: () => void): () => void {
    return this.changeListeners.add(what, listener);
  }

  /** Changes settings at once and keeps them. */
  async change(difference: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.useSettings({ ...before, ...difference });
    try {
      this.useSettings(await client.put<Settings>('/api/settings', this.settings));
    } catch (error) {
      this.useSettings(before);
      notifyError(error);
    }
  }

  private async readSession(): Promise<void> {
    this.session = await client.get<Session>('/api/session');
  }

  /** Once, and only now: the settings say in which language. They stay, since whoever opens the window may not be looking yet. */
  private tellNotices(): void {
    if (this.ready) return;
    for (const odd of this.session?.notices ?? [])
      notify({ tone: 'warning', text: findingText(odd), stays: true });
  }

  private async read(what: Changed): Promise<void> {
    if (what === 'cases') this.cases = await client.get<CaseSummary[]>('/api/cases');
    else if (what === 'models') this.models = await client.get<ModelSummary[]>('/api/models');
    else if (what === 'settings') this.useSettings(await client.get<Settings>('/api/settings'));
  }

  private async loadDevices(): Promise<void> {
    try {
      this.devices = await client.get<DeviceSummary[]>('/api/devices');
    } catch (error) {
      this.devices = [];
      notifyError(error);
    }
  }

  private async restore(): Promise<void> {
    const place = await this.lastSession.load();
    if (!this.settings.restoreSession || this.desk !== 'start') return;
    if (place.caseId !== null && this.cases.some(({ caseId }) => caseId === place.caseId))
      this.caseId = place.caseId;
    const needsCase = place.desk === 'synthesize' || place.desk === 'bone';
    this.desk = needsCase && this.caseId === null ? 'start' : place.desk;
  }

  private saveSession(): void {
    if (untrack(() => this.ready)) this.lastSession.saveSoon();
  }

  private useSettings(settings: Settings): void {
    this.settings = settings;
    language.use(settings.locale);
    applyTheme(settings.theme);
  }

  private hear(event: ServerEvent): void {
    if (event.type === 'changed') void this.refresh(event.what);
    // A snapshot opens every connection: whatever was missed in between is read again.
    else if (event.type === 'snapshot') void this.load();
  }
}

export const app = new App();
