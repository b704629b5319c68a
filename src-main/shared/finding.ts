/** What importers and exporters say about one subject (a file, a series, a case): data, never thrown. */
export type Severity = 'info' | 'warning' | 'error';

export interface Finding {
  /** Stable, kebab-case; its text is `findings.<code>` in `resources/locales`. */
  readonly code: string;
  readonly severity: Severity;
  /** The file, series or case it is about (never a patient's name). */
  readonly subject: string;
  readonly details: Readonly<Record<string, string | number>>;
}
