import { describe, expect, it } from 'vitest';
import { weightsCatalogue } from '../../../../src-main/services/weights/weightsCatalogue.ts';
import { weightsDirectory } from '../../../../src-main/services/weights/weightsDirectory.ts';

describe('the catalogue of weights', () => {
  it('names a secure address, a digest and a licence for every file', () => {
    for (const { files, licence } of weightsCatalogue) {
      expect(licence).toMatch(/^BSD-[23]-Clause$/);
      for (const { url, sha256, tensors } of files) {
        expect(url).toMatch(/^https:\/\//);
        expect(sha256[0]).toMatch(/^[0-9a-f]{64}$/);
        expect(tensors.length).toBeGreaterThan(0);
      }
    }
  });

  it('agrees with the digits that torchvision puts into its names', () => {
    const named = weightsCatalogue.flatMap(({ files }) =>
      files.flatMap(({ url, sha256 }) => {
        const [, digits] = /-([0-9a-f]{8})\.pth$/.exec(url) ?? [];
        return digits === undefined ? [] : [[digits, sha256[0]?.slice(0, 8)]];
      }),
    );
    expect(named).toHaveLength(2);
    for (const [digits, ours] of named) expect(ours).toBe(digits);
  });
});

describe('the folder of weights', () => {
  const home = '/home/someone';

  it('is named by $ILIUM_WEIGHTS, else lies in the data folder, whatever the workspace is', () => {
    const at = (env: Record<string, string>): string => weightsDirectory({ env, platform: 'linux', home });
    expect(at({ ILIUM_WEIGHTS: '/srv/weights' })).toBe('/srv/weights');
    expect(at({ ILIUM_WORKSPACE: '/elsewhere' })).toBe('/home/someone/.local/share/ilium/weights');
    expect(at({ XDG_DATA_HOME: '/data' })).toBe('/data/ilium/weights');
  });
});
