import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVolumeFile, writeVolumeFile } from '../../../../src-main/workflows/files/volumeFile.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-volumes-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const volume: Volume = {
  grid: { size: [2, 2, 1], indexToLps: [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 2.5, 7] },
  data: Float32Array.of(0.5, 1, 2, 3),
};

describe('a volume file', () => {
  it.each(['a.nii', 'a.nii.gz', 'A.NII', 'a.mha'])(
    'is written and read as its name says: %s',
    async (name) => {
      await writeVolumeFile(join(folder, name), volume, 'sCT');
      expect(await readVolumeFile(join(folder, name))).toEqual(volume);
    },
  );

  it('may be an .mhd with its voxels beside it', async () => {
    const header = 'NDims = 3\nDimSize = 2 2 1\nElementType = MET_FLOAT\nElementDataFile = b.raw\n';
    writeFileSync(join(folder, 'b.mhd'), header);
    await expect(readVolumeFile(join(folder, 'b.mhd'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    writeFileSync(join(folder, 'b.raw'), new Uint8Array((volume.data as Float32Array).buffer));
    expect((await readVolumeFile(join(folder, 'b.mhd'))).data).toEqual(volume.data);
  });

  it('is refused when it is nothing known', async () => {
    writeFileSync(join(folder, 'c.txt'), 'hello');
    await expect(readVolumeFile(join(folder, 'c.txt'))).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
    await expect(readVolumeFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(readVolumeFile(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(writeVolumeFile(join(folder, 'c.png'), volume)).rejects.toMatchObject({ code: 'BAD_USAGE' });
  });
});
