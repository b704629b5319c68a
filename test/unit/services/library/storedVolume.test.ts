import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNifti } from '../../../../src-main/formats/nifti/readNifti.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { openStoredVolume } from '../../../../src-main/services/library/storedVolume.ts';
import type { Vector3 } from '../../../../src-main/shared/affine.ts';
import type { Volume, VoxelArray } from '../../../../src-main/shared/volume.ts';
import { smallMr } from '../../../fixtures/apiWorld.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilium-stored-'));
  path = join(folder, 'volume.nii');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function streamed(): Promise<Uint8Array> {
  return new Uint8Array(await new Response((await openStoredVolume(path)).stream()).arrayBuffer());
}
const bytesOf = ({ buffer, byteOffset, byteLength }: VoxelArray): Uint8Array =>
  new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));

/** A volume whose values are their index, as `Type`. */
function ramp<T extends VoxelArray>(Type: new (length: number) => T, size: Vector3 = [5, 4, 3]): Volume<T> {
  const data = new Type(size[0] * size[1] * size[2]);
  for (let at = 0; at < data.length; at++) data[at] = at - 7;
  return { grid: { size, indexToLps: smallMr().grid.indexToLps }, data };
}

describe('a stored volume', () => {
  it.each([
    ['int16', Int16Array],
    ['uint16', Uint16Array],
    ['uint8', Uint8Array],
    ['int8', Int8Array],
    ['int32', Int32Array],
    ['float32', Float32Array],
    ['float64', Float64Array],
  ] as const)('streams %s as it lies', async (type, Type) => {
    const volume = ramp<VoxelArray>(Type);
    writeFileSync(path, writeNifti(volume));
    const stored = await openStoredVolume(path);
    expect(stored).toMatchObject({ type, grid: volume.grid, bytes: volume.data.byteLength });
    expect(await streamed()).toEqual(bytesOf(volume.data));
    expect(await stored.readAll()).toEqual(volume.data);
    expect(await stored.readSlice(1)).toEqual(volume.data.slice(20, 40));
  });

  it('is read in parts: a long one comes in chunks', async () => {
    const volume = ramp(Int16Array, [512, 512, 5]);
    writeFileSync(path, writeNifti(volume));
    let chunks = 0;
    for await (const chunk of (await openStoredVolume(path)).stream()) {
      expect(chunk.length).toBeLessThanOrEqual(1 << 20);
      chunks++;
    }
    expect(chunks).toBe(3);
    expect(Buffer.from(await streamed()).equals(Buffer.from(bytesOf(volume.data)))).toBe(true);
  });

  it('in big-endian byte order is turned round', async () => {
    const volume = ramp(Int16Array);
    const file = writeNifti(volume);
    const swap = (at: number, size: number): unknown => file.subarray(at, at + size).reverse();
    swap(0, 4);
    for (let at = 40; at < 56; at += 2) swap(at, 2);
    for (const at of [70, 72, 252, 254]) swap(at, 2);
    for (let at = 76; at < 120; at += 4) swap(at, 4);
    for (let at = 256; at < 328; at += 4) swap(at, 4);
    for (let at = 352; at < file.length; at += 2) swap(at, 2);
    writeFileSync(path, file);
    expect(await openStoredVolume(path)).toMatchObject({ type: 'int16', grid: volume.grid });
    expect(await streamed()).toEqual(bytesOf(volume.data));
  });

  it('with a slope is scaled to what it means', async () => {
    const file = writeNifti(ramp(Int16Array));
    const view = new DataView(file.buffer);
    view.setFloat32(112, 2, true);
    view.setFloat32(116, -1000, true);
    writeFileSync(path, file);
    const expected = readNifti(file, path).data;
    expect(expected).toBeInstanceOf(Float32Array);
    const stored = await openStoredVolume(path);
    expect(stored).toMatchObject({ type: 'float32', bytes: expected.byteLength });
    expect(await streamed()).toEqual(bytesOf(expected));
    expect([...(await stored.readSlice(2))]).toEqual([...expected.slice(40)]);
  });

  it('that is compressed is inflated', async () => {
    const volume = ramp(Int16Array);
    writeFileSync(path, writeNifti(volume, { gzip: true }));
    expect(await openStoredVolume(path)).toMatchObject({ type: 'int16', bytes: volume.data.byteLength });
    expect(await streamed()).toEqual(bytesOf(volume.data));
  });

  it('has another version when its file has changed', async () => {
    writeFileSync(path, writeNifti(ramp(Int16Array)));
    const { version } = await openStoredVolume(path);
    expect((await openStoredVolume(path)).version).toBe(version);
    writeFileSync(path, writeNifti(ramp(Float32Array)));
    expect((await openStoredVolume(path)).version).not.toBe(version);
  });

  it('that is missing, no NIfTI or cut short is refused', async () => {
    await expect(openStoredVolume(path)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    writeFileSync(path, 'no image at all');
    await expect(openStoredVolume(path)).rejects.toMatchObject({ code: 'NIFTI_INVALID' });
    writeFileSync(path, writeNifti(ramp(Int16Array)));
    truncateSync(path, 400);
    await expect(openStoredVolume(path)).rejects.toMatchObject({ code: 'NIFTI_INVALID' });
  });

  it('that becomes shorter while it is streamed fails the stream', async () => {
    writeFileSync(path, writeNifti(ramp(Int16Array, [512, 512, 5])));
    const reader = (await openStoredVolume(path)).stream().getReader();
    await reader.read();
    truncateSync(path, 1 << 20);
    await expect(reader.read().then(() => reader.read())).rejects.toThrow('became shorter');
  });
});
