import { zipSync } from 'fflate';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openImportFiles } from '../../../../src-main/services/importer/openImportFiles.ts';

const free = vi.hoisted(() => ({ bytes: 0 }));
vi.mock('node:os', async (original) => ({
  ...(await original<object>()),
  freemem: () => free.bytes,
}));

it('an archived file is read whole only where memory holds it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ilium-archived-'));
  const archive = join(folder, 'a.zip');
  writeFileSync(archive, zipSync({ 'large.bin': new Uint8Array(3_000_000) }));
  const { files, read } = await openImportFiles([archive]);
  free.bytes = 2 ** 21;
  await expect(read(files[0]!)).rejects.toMatchObject({
    code: 'VOLUME_TOO_LARGE',
    details: { needed: 3, available: 2 },
  });
  free.bytes = 2 ** 22;
  expect(await read(files[0]!)).toHaveLength(3_000_000);
  rmSync(folder, { recursive: true });
});
