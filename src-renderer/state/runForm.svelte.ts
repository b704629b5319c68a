/**
 * The form a run is started from: method, preset, what differs from it, device. Everything typed is judged at once; once it can be a
 * configuration the server says what it would need (the pre-flight), a moment after the last change.
 */
import type { Preflight, PresetBody, RunRequest } from '../../src-main/api/contract/training.ts';
import {
  featureSources,
  resolveParts,
  type MethodPart,
  type MethodParts,
} from '../../src-main/shared/trainingMethods.ts';
import { t } from '../lib/i18n.svelte.ts';
import {
  differencesOf,
  judgeSettings,
  runSettings,
  settingText,
  settingValue,
  type Config,
  type RunSetting,
} from '../lib/runSettings.ts';

export type RunMethod = RunRequest['method'];

export interface RunFormPorts {
  presets(): Promise<readonly PresetBody[]>;
  preflight(request: RunRequest): Promise<Preflight>;
  start(request: RunRequest): Promise<void>;
  fail(error: unknown, what: string): void;
  /** Calls later; the result forgets the call. */
  delay(call: () => void, ms: number): () => void;
  remember(state: FormState): void;
}

/** What a later session is given back. */
export interface FormState {
  readonly method: RunMethod;
  readonly preset: string;
  readonly typed: Readonly<Record<string, string>>;
  readonly device: string;
}

/** Pause after the last change before the pre-flight is asked for, ms. */
const settleMs = 350;

export class RunForm {
  presets = $state.raw<readonly PresetBody[]>([]);
  method = $state<RunMethod>('meta');
  preset = $state('quick');
  device = $state('auto');
  /** Text of fields that were changed, by setting. */
  typed = $state.raw<Readonly<Record<string, string>>>({});
  preflight = $state.raw<Preflight | null>(null);
  /** Whether the pre-flight shown is not yet that of the form. */
  checking = $state(false);
  starting = $state(false);

  readonly #presetConfig = $derived<Config>(
    this.presets.find(({ name }) => name === this.preset)?.config ?? {},
  );
  /** What holds unless it is changed: the preset, and the parts the method has with the features chosen. */
  readonly base = $derived<Config>({ ...this.#presetConfig, parts: this.#methodParts() });
  readonly settings = $derived(runSettings.filter(({ part }) => !part || this.#hasPart(part)));
  readonly #judged = $derived(judgeSettings(this.settings, (setting) => this.text(setting)));
  readonly problems = $derived(this.presets.length === 0 ? {} : this.#judged.problems);
  readonly problemCount = $derived(Object.keys(this.problems).length);
  /** Settings that differ from the preset. */
  readonly changed = $derived(this.settings.filter((setting) => this.isChanged(setting)));
  readonly request = $derived(this.#request());

  readonly #ports: RunFormPorts;
  #asked = 0;
  #forget: () => void = () => undefined;

  constructor(ports: RunFormPorts) {
    this.#ports = ports;
  }

  async load(restored: FormState | null = null): Promise<void> {
    try {
      this.presets = await this.#ports.presets();
    } catch (error) {
      this.#ports.fail(error, t('train.form.notRead'));
      return;
    }
    if (restored) {
      this.method = restored.method;
      this.device = restored.device;
      this.typed = restored.typed;
    }
    const wanted = restored?.preset ?? this.preset;
    this.preset = this.presets.some(({ name }) => name === wanted) ? wanted : (this.presets[0]?.name ?? '');
    this.check();
  }

  text(setting: RunSetting): string {
    return this.typed[setting.id] ?? settingText(setting, settingValue(this.base, setting));
  }

  isChanged(setting: RunSetting): boolean {
    const typed = this.typed[setting.id];
    return typed !== undefined && typed.trim() !== settingText(setting, settingValue(this.base, setting));
  }

  type(setting: RunSetting, text: string): void {
    this.typed = { ...this.typed, [setting.id]: text };
    this.#edited();
  }

  reset(setting: RunSetting): void {
    this.typed = Object.fromEntries(Object.entries(this.typed).filter(([id]) => id !== setting.id));
    this.#edited();
  }

  resetAll(): void {
    this.typed = {};
    this.#edited();
  }

  choose({ method, preset, device }: { method?: RunMethod; preset?: string; device?: string }): void {
    // Another method comes with its own parts.
    if (method !== undefined && method !== this.method)
      this.typed = Object.fromEntries(Object.entries(this.typed).filter(([id]) => !id.startsWith('parts.')));
    this.method = method ?? this.method;
    this.preset = preset ?? this.preset;
    this.device = device ?? this.device;
    this.#edited();
  }

  /** Asks for the pre-flight a moment from now; call it too when the cohort has changed. */
  check(): void {
    this.#forget();
    const asked = ++this.#asked;
    const { request } = this;
    this.checking = request !== null;
    if (!request) return;
    this.#forget = this.#ports.delay(() => void this.#ask(request, asked), settleMs);
  }

  /** `true`, or why the run cannot be started. */
  ready(): true | string {
    if (this.starting) return t('train.form.starting');
    if (this.presets.length === 0) return t('train.form.notRead');
    if (this.problemCount > 0) return t('train.form.fix', { count: this.problemCount });
    if (this.checking || !this.preflight) return t('train.form.checking');
    return this.preflight.problems.some(({ severity }) => severity === 'error')
      ? t('train.form.cannot')
      : true;
  }

  async start(): Promise<void> {
    const { request } = this;
    if (this.ready() !== true || !request) return;
    this.starting = true;
    try {
      await this.#ports.start(request);
    } catch (error) {
      this.#ports.fail(error, t('train.form.notStarted'));
    } finally {
      this.starting = false;
    }
  }

  dispose(): void {
    this.#forget();
    this.#asked++;
  }

  async #ask(request: RunRequest, asked: number): Promise<void> {
    try {
      const preflight = await this.#ports.preflight(request);
      if (asked === this.#asked) this.preflight = preflight;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.preflight = null;
      this.#ports.fail(error, t('train.form.notChecked'));
    } finally {
      if (asked === this.#asked) this.checking = false;
    }
  }

  #methodParts(): MethodParts {
    const chosen = this.typed['features'] ?? this.#presetConfig['features'];
    return resolveParts(this.method, {}, featureSources.find((source) => source === chosen) ?? 'vgg');
  }

  #hasPart(part: MethodPart): boolean {
    const typed = this.typed[`parts.${part}`];
    return typed === undefined ? this.#methodParts()[part] : typed === 'true';
  }

  #edited(): void {
    this.#ports.remember({
      method: this.method,
      preset: this.preset,
      typed: this.typed,
      device: this.device,
    });
    this.check();
  }

  #request(): RunRequest | null {
    if (this.presets.length === 0 || this.problemCount > 0) return null;
    const { values } = this.#judged;
    const changed = this.changed.map(({ id }) => [id, values.get(id) ?? null] as const);
    return {
      method: this.method,
      preset: this.preset,
      device: this.device,
      ...(changed.length > 0 && { differences: differencesOf(this.base, changed) }),
    };
  }
}
