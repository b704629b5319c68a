/** Where the window can be. */
import type { IconName } from '../lib/icons.ts';

export const deskIds = ['start', 'library', 'synthesize', 'train', 'compare', 'bone', 'settings'] as const;
export type DeskId = (typeof deskIds)[number];

export interface DeskEntry {
  readonly id: DeskId;
  readonly icon: IconName;
  /** Key of its name. */
  readonly label: string;
  readonly key: string;
}

/** The rail's entries from top to bottom. */
export const railDesks: readonly DeskEntry[] = [
  { id: 'library', icon: 'library', label: 'shell.desk.library', key: 'G L' },
  { id: 'synthesize', icon: 'synthesize', label: 'shell.desk.synthesize', key: 'G S' },
  { id: 'train', icon: 'train', label: 'shell.desk.train', key: 'G T' },
  { id: 'bone', icon: 'bone', label: 'shell.desk.bone', key: 'G B' },
  { id: 'settings', icon: 'settings', label: 'shell.desk.settings', key: 'G ,' },
];

/** Of desks that the rail does not show: whose entry stands for them. */
export const railPlace: Partial<Record<DeskId, DeskId>> = { compare: 'train' };

export function isDeskId(value: unknown): value is DeskId {
  return deskIds.some((id) => id === value);
}
