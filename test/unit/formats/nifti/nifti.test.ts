import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isNifti, readNifti } from '../../../../src-main/formats/nifti/readNifti.ts';
import { writeNifti } from '../../../../src-main/formats/nifti/writeNifti.ts';
import { type Affine, affineFromAxes, type Vector3 } from '../../../../src-main/shared/affine.ts';
import { AppError } from '../../../../src-main/shared/appError.ts';
import { sameGrid, type Volume, type VoxelArray } from '../../../../src-main/shared/volume.ts';

const oblique: Affine = affineFromAxes([-101.5, 42.25, -300], [0.5, 0.75, 3], rotated(0.3, -0.2, 1.1));

function rotated(x: number, y: number, z: number): [Vector3, Vector3, Vector3] {
  const [cx, sx, cy, sy, cz, sz] = [x, y, z].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]) as [
    number, number, number, number, number, number,
  ]; // prettier-ignore
  return [
    [cy * cz, cy * sz, -sy],
    [sx * sy * cz - cx * sz, sx * sy * sz + cx * cz, sx * cy],
    [cx * sy * cz + sx * sz, cx * sy * sz - sx * cz, cx * cy],
  ];
}

function volume(data: VoxelArray, indexToLps: Affine = oblique, size: Vector3 = [2, 3, 2]): Volume {
  return { grid: { size, indexToLps }, data };
}

const values = [0, 1, 2, 3, 100, 5, 6, 7, 8, 9, 10, 127];
const int16 = Int16Array.from(values, (value) => -value);

function edited(file: Uint8Array, edit: (view: DataView) => void): Uint8Array {
  const copy = file.slice();
  edit(new DataView(copy.buffer));
  return copy;
}

/** Reverses the bytes of every field our writer fills, header and int16 voxels. */
function bigEndian(file: Uint8Array): Uint8Array {
  return edited(file, (view) => {
    const swap = (at: number, width: number): void => void new Uint8Array(view.buffer, at, width).reverse();
    swap(0, 4);
    for (let at = 40; at < 56; at += 2) swap(at, 2);
    for (const at of [70, 72, 74, 252, 254]) swap(at, 2);
    for (let at = 76; at < 120; at += 4) swap(at, 4);
    for (let at = 256; at < 328; at += 4) swap(at, 4);
    for (let at = 352; at < file.length; at += 2) swap(at, 2);
  });
}

/** A NIfTI-2 file (nifti2.h offsets) with an sform and a description, int16. */
function nifti2(data: Int16Array, size: Vector3, srow: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(544 + data.byteLength);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 540, true);
  bytes.set([0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a], 4);
  view.setInt16(12, 4, true);
  view.setInt16(14, 16, true);
  [3, ...size, 1, 1, 1, 1].forEach((n, at) => view.setBigInt64(16 + 8 * at, BigInt(n), true));
  view.setBigInt64(168, 544n, true);
  view.setInt32(348, 4, true);
  srow.forEach((value, at) => view.setFloat64(400 + 8 * at, value, true));
  bytes.set(new Uint8Array(data.buffer), 544);
  return bytes;
}

describe('NIfTI', () => {
  it.each([
    Float32Array.from(values, (value) => value / 3),
    Float64Array.from(values, (value) => value / 3),
    Int32Array.from(values, (value) => value * 70_000),
    int16,
    Uint16Array.from(values, (value) => value * 500),
    Uint8Array.from(values),
    Int8Array.from(values, (value) => -value),
  ])('reads back what it wrote, plain and compressed: %o', (data) => {
    for (const gzip of [false, true]) {
      const back = readNifti(writeNifti(volume(data), { gzip }), 'a.nii');
      expect(back.data).toEqual(data);
      expect(sameGrid(back.grid, volume(data).grid, 2e-5)).toBe(true);
    }
  });

  it.each([
    ['oblique', oblique],
    [
      'left-handed',
      affineFromAxes(
        [1, 2, 3],
        [1, 1, 2],
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, -1],
        ],
      ),
    ],
    [
      'turned by 180° about z',
      affineFromAxes(
        [1, 2, 3],
        [1, 1, 2],
        [
          [-1, 0, 0],
          [0, -1, 0],
          [0, 0, 1],
        ],
      ),
    ],
    [
      'turned by 180° about x',
      affineFromAxes(
        [1, 2, 3],
        [1, 1, 2],
        [
          [1, 0, 0],
          [0, -1, 0],
          [0, 0, -1],
        ],
      ),
    ],
    [
      'coronal',
      affineFromAxes(
        [1, 2, 3],
        [1, 1, 2],
        [
          [1, 0, 0],
          [0, 0, -1],
          [0, 1, 0],
        ],
      ),
    ],
  ])('keeps the same geometry in qform and sform: %s', (_, affine) => {
    const file = writeNifti(volume(int16, affine));
    const qformOnly = edited(file, (view) => view.setInt16(254, 0, true));
    expect(sameGrid(readNifti(qformOnly, 'a').grid, { size: [2, 3, 2], indexToLps: affine }, 1e-4)).toBe(
      true,
    );
  });

  it('writes no qform for sheared axes, and the sform exactly', () => {
    const sheared: Affine = [1, 0.2, 0, 5, 0, 1, 0, 6, 0, 0, 2, 7];
    const file = writeNifti(volume(int16, sheared));
    expect(new DataView(file.buffer).getInt16(252, true)).toBe(0);
    expect(sameGrid(readNifti(file, 'a').grid, { size: [2, 3, 2], indexToLps: sheared }, 1e-6)).toBe(true);
  });

  it('prefers the sform whatever the codes, and falls back to pixdim', () => {
    const file = writeNifti(volume(int16));
    const both = edited(file, (view) => {
      view.setInt16(252, 4, true);
      view.setFloat32(268, 999, true);
    });
    expect(sameGrid(readNifti(both, 'a').grid, volume(int16).grid, 1e-4)).toBe(true);
    const neither = edited(file, (view) => {
      view.setInt16(252, 0, true);
      view.setInt16(254, 0, true);
    });
    expect(readNifti(neither, 'a').grid.indexToLps).toEqual([-0.5, 0, 0, 0, 0, -0.75, 0, 0, 0, 0, 3, 0]);
  });

  it('reads big-endian files', () => {
    const back = readNifti(bigEndian(writeNifti(volume(int16))), 'a');
    expect(back.data).toEqual(int16);
    expect(sameGrid(back.grid, volume(int16).grid, 1e-4)).toBe(true);
  });

  it('reads NIfTI-2 with its double-precision affine', () => {
    const file = nifti2(int16, [2, 3, 2], [-0.1, 0, 0, 10.123456789012, 0, -0.2, 0, 20, 0, 0, 0.3, 30]);
    const back = readNifti(file, 'a');
    expect(back.data).toEqual(int16);
    expect(back.grid.indexToLps).toEqual([0.1, 0, 0, -10.123456789012, 0, 0.2, 0, -20, 0, 0, 0.3, 30]);
    expect(isNifti(file)).toBe(true);
  });

  it('reads from a Buffer that is part of a larger one, and leaves it as it was', () => {
    const file = writeNifti(volume(int16));
    file[348] = 1; // says that extensions follow
    const buffer = Buffer.concat([Buffer.alloc(5), file, Buffer.alloc(9)]).subarray(5, 5 + file.length);
    const before = Buffer.from(buffer);
    expect(readNifti(buffer, 'a').data).toEqual(int16);
    expect(buffer.equals(before)).toBe(true);
  });

  it('applies slope and intercept, ignores a slope of 0 and scales metres and micrometres', () => {
    const file = writeNifti(volume(int16));
    const scaled = edited(file, (view) => {
      view.setFloat32(112, 0.5, true);
      view.setFloat32(116, -1024, true);
      view.setUint8(123, 3);
    });
    const back = readNifti(scaled, 'a');
    expect(back.data).toEqual(Float32Array.from(int16, (value) => value * 0.5 - 1024));
    expect(back.grid.indexToLps[3]).toBeCloseTo(oblique[3] / 1000, 6);
    expect(
      readNifti(
        edited(file, (view) => view.setFloat32(112, 0, true)),
        'a',
      ).data,
    ).toEqual(int16);
  });

  it('accepts further dimensions of size 1 and refuses several volumes', () => {
    const file = writeNifti(volume(int16));
    expect(
      readNifti(
        edited(file, (view) => view.setInt16(40, 5, true)),
        'a',
      ).grid.size,
    ).toEqual([2, 3, 2]);
    const four = edited(file, (view) => {
      view.setInt16(40, 4, true);
      view.setInt16(46, 1, true);
      view.setInt16(48, 2, true);
    });
    expect(() => readNifti(four, 'a')).toThrow(/holds 2 volumes/);
  });

  it.each([
    ['NIFTI_INVALID', 'no NIfTI header', () => new Uint8Array(400)],
    ['NIFTI_INVALID', 'ends within its header', () => writeNifti(volume(int16)).slice(0, 350)],
    ['NIFTI_INVALID', 'ends too early', () => writeNifti(volume(int16)).slice(0, -1)],
    ['NIFTI_INVALID', 'damaged', () => writeNifti(volume(int16), { gzip: true }).slice(0, -6)],
    ['NIFTI_INVALID', '.img', () => writeNifti(volume(int16)).with(345, 0x69)],
    [
      'NIFTI_INVALID',
      'data type 128',
      () => edited(writeNifti(volume(int16)), (v) => v.setInt16(70, 128, true)),
    ],
    ['NIFTI_INVALID', 'affine', () => edited(writeNifti(volume(int16)), (v) => v.setFloat32(280, NaN, true))],
    [
      'NIFTI_INVALID',
      'begin at byte',
      () => edited(writeNifti(volume(int16)), (v) => v.setFloat32(108, 100, true)),
    ],
    [
      'VOLUME_NOT_3D',
      '2 dimensions',
      () => edited(writeNifti(volume(int16)), (v) => v.setInt16(40, 2, true)),
    ],
    ['VOLUME_EMPTY', 'no voxels', () => edited(writeNifti(volume(int16)), (v) => v.setInt16(42, 0, true))],
  ])('refuses with %s: %s', (code, reason, make) => {
    expect(() => readNifti(make(), 'bad.nii')).toThrow(reason);
    expect(() => readNifti(make(), 'bad.nii')).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a valid slope with an intercept that is no number, and takes the values as stored when the slope is none', () => {
    const scaledBy = (slope: number): Uint8Array =>
      edited(writeNifti(volume(int16)), (view) => {
        view.setFloat32(112, slope, true);
        view.setFloat32(116, NaN, true);
      });
    expect(() => readNifti(scaledBy(2), 'a')).toThrow('its intercept is NaN');
    expect(readNifti(scaledBy(NaN), 'a').data).toEqual(int16);
  });

  it('inflates no more of a compressed file than its header asks for, and little beyond', () => {
    const file = writeNifti(volume(int16));
    const padded = (length: number): Uint8Array => gzipSync(Buffer.concat([file, Buffer.alloc(length)]));
    expect(readNifti(padded(2 ** 19), 'a').data).toEqual(int16);
    expect(() => readNifti(padded(2 ** 28), 'bomb.nii.gz')).toThrow(/it is larger than \d+ bytes/);
  });

  it('refuses an affine so large that its volume is no number', () => {
    const huge = nifti2(int16, [2, 3, 2], [1e200, 0, 0, 0, 0, 1e200, 0, 0, 0, 0, 1, 0]);
    expect(() => readNifti(huge, 'a')).toThrow('does not describe a grid');
  });

  it('keeps no text outside ASCII in the description', () => {
    const file = writeNifti(volume(int16), { description: `Prüfung ${'x'.repeat(90)}` });
    const text = new TextDecoder().decode(file.subarray(148, 228));
    expect(text.startsWith('Pr?fung xxx')).toBe(true);
    expect(text.endsWith('x\0')).toBe(true);
  });

  it('refuses to write what NIfTI-1 cannot hold', () => {
    expect(() => writeNifti(volume(new Uint8Array(40_000), oblique, [40_000, 1, 1]))).toThrow(RangeError);
    expect(() => writeNifti(volume(new Uint8Array(3)))).toThrow(RangeError);
  });

  it('meets truncated and mutated files with an AppError or a volume', () => {
    const files = [
      writeNifti(volume(int16)),
      writeNifti(volume(int16), { gzip: true }),
      nifti2(int16, [2, 3, 2], oblique),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (file, position, patch, cut) => {
          const at = position % file.length;
          const bytes = cut ? file.slice(0, at) : file.slice();
          if (!cut) bytes.set(patch.subarray(0, file.length - at), at);
          try {
            const { grid, data } = readNifti(bytes, 'mutated');
            expect(data.length).toBe(grid.size[0] * grid.size[1] * grid.size[2]);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
