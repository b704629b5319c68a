/** Backends of tfjs that graphs may run on; apart from the code that loads them, because loading tfjs takes a fifth of a second. */
export const tfjsBackends = ['cpu', 'node-gpu'] as const;
export type TfjsBackend = (typeof tfjsBackends)[number];
