/** `settings.json` of the workspace: the person's choices, the same in every host. */
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../api/contract/session.ts';
import { uidRootSchema } from '../../formats/dicom/uidRoot.ts';
import { AppError } from '../../shared/appError.ts';
import type { Finding } from '../../shared/finding.ts';
import { readRecord, writeRecord } from '../../workflows/files/record.ts';

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  locale: z.enum(['en', 'de', 'system']),
  device: z.string().min(1).max(100),
  restoreSession: z.boolean(),
  uidRoot: z.union([z.literal(''), uidRootSchema]).default(''),
  resampleUneven: z.boolean().default(false),
}) satisfies z.ZodType<Settings>;

const recordSchema = z.object({ schemaVersion: z.literal(1), settings: settingsSchema });

const defaults: Settings = {
  theme: 'system',
  locale: 'system',
  device: 'auto',
  restoreSession: true,
  uidRoot: '',
  resampleUneven: false,
};

export interface SettingsStore {
  read(): Promise<Settings>;
  /** Throws write errors. */
  write(settings: Settings): Promise<void>;
}

/**
 * Settings in `directory`. A file that is missing gives the defaults; so does a damaged one, and `onDamage` is told (once, until the
 * settings are written anew).
 */
export function createSettingsStore(directory: string, onDamage: (finding: Finding) => void): SettingsStore {
  const path = join(directory, 'settings.json');
  let wasTold = false;
  return {
    async read() {
      try {
        return (await readRecord(path, recordSchema)).settings;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code !== 'FILE_NOT_FOUND' && !wasTold) {
          wasTold = true;
          onDamage({
            code: 'settings-damaged',
            severity: 'warning',
            subject: path,
            details: { reason: error.message },
          });
        }
        return defaults;
      }
    },
    async write(settings) {
      await writeRecord(path, recordSchema, { schemaVersion: 1, settings });
      wasTold = false;
    },
  };
}
