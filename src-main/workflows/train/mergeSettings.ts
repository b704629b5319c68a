type Settings = Readonly<Record<string, unknown>>;

/** Whether `value` holds settings: an object that is no list. */
export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `base` with those of `own` in their place; settings inside a group are replaced one by one. */
export function mergeSettings(base: object, own: object): object {
  const settings = new Map<string, unknown>(Object.entries(base));
  for (const [name, value] of Object.entries(own)) {
    const group = settings.get(name);
    settings.set(name, isSettings(group) && isSettings(value) ? { ...group, ...value } : value);
  }
  return Object.fromEntries(settings);
}
