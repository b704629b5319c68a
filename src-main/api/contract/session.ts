/**
 * The contract between the application and its window, here what every page needs: who is served, settings, errors and findings. The files
 * of this folder hold types alone and name the routes they belong to. Bodies are JSON unless said otherwise; a failed request answers
 * `ErrorBody` with a 4xx or 5xx status.
 *
 * GET  /api/session                                   → Session
 * GET  /api/settings                                  → Settings        PUT (whole) → Settings
 * GET  /api/last-session                              → unknown | null  PUT (any JSON, at most 256 KiB): the window's own memory of where it was
 */

/** Sent with every 4xx and 5xx. `message` is for people, in English; the window translates `code` with `details`. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, string | number>>;
  };
}

export interface FindingBody {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly subject: string;
  readonly details: Readonly<Record<string, string | number>>;
  /** English text of the finding. */
  readonly text: string;
}

export interface Session {
  readonly version: string;
  readonly host: 'browser' | 'electron';
  readonly platform: string;
  readonly workspace: string;
  /** Whether a native dialog can give paths; else files are uploaded. */
  readonly canOpenPaths: boolean;
  /** What was odd about the workspace's own files when it was opened, such as damaged settings. */
  readonly notices: readonly FindingBody[];
}

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly locale: 'en' | 'de' | 'system';
  /** `auto` or a device's name. */
  readonly device: string;
  /** Remember where the window was. */
  readonly restoreSession: boolean;
  /** Root of new DICOM UIDs; '' for 2.25. */
  readonly uidRoot: string;
  /** Import uneven slices resampled to even ones instead of refusing them. */
  readonly resampleUneven: boolean;
}
