/** What the Train desk left in the last session; anything of another shape counts as nothing. */
import { trainingMethods } from '../../src-main/shared/trainingMethods.ts';
import type { FilmPlace } from './film.svelte.ts';
import type { FormState } from './runForm.svelte.ts';

function fields(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}

export function readFilmPlace(value: unknown): FilmPlace | null {
  const { run, epoch, slice } = fields(value) ?? {};
  if (typeof run !== 'string' || typeof slice !== 'number') return null;
  return { run, slice, epoch: typeof epoch === 'number' ? epoch : null };
}

/** The form as it was; at first the quick preset on the device of the settings. */
export function readFormState(value: unknown, device: string): FormState {
  const { method, preset, typed, device: chosen } = fields(value) ?? {};
  const texts = Object.entries(fields(typed) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    method: trainingMethods.find((one) => one === method) ?? 'meta',
    preset: typeof preset === 'string' ? preset : 'quick',
    typed: Object.fromEntries(texts),
    device: typeof chosen === 'string' ? chosen : device,
  };
}
