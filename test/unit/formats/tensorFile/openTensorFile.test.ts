import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../../../src-main/formats/safetensors/safetensors.ts';
import { openTensorFile } from '../../../../src-main/formats/tensorFile/openTensorFile.ts';
import { memorySource } from '../../../fixtures/memorySource.ts';

const small = { shape: [2], data: Float32Array.of(1, 2) };

describe('a file of tensors', () => {
  it('is told by its first bytes', async () => {
    const torch = readFileSync(resolve(import.meta.dirname, '../../../fixtures/torch/old.pth'));
    expect((await openTensorFile(memorySource(new Uint8Array(torch)))).shapes.has('shared.a')).toBe(true);
    const safetensors = memorySource(encodeSafetensors(new Map([['a', small]])));
    expect([...(await openTensorFile(safetensors)).shapes]).toEqual([['a', [2]]]);
  });

  it('is a safetensors file even where its length begins as a pickle or an archive does', async () => {
    for (const [first, second] of [
      [0x80, 0x02],
      [0x50, 0x4b],
    ] as const) {
      const length = first + 256 * second;
      const json = JSON.stringify({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }).padEnd(length);
      const bytes = new Uint8Array(8 + length + 4);
      bytes.set([first, second]);
      bytes.set(new TextEncoder().encode(json), 8);
      expect([...(await (await openTensorFile(memorySource(bytes))).read('a'))]).toEqual([0]);
    }
  });

  it('is read no further than needed', async () => {
    const large = { shape: [100_000], data: new Float32Array(100_000) };
    const source = memorySource(encodeSafetensors(new Map([['large', large], ['small', small]]))); // prettier-ignore
    expect([...(await (await openTensorFile(source)).read('small'))]).toEqual([1, 2]);
    expect(source.taken()).toBeLessThan(1000);
  });

  it('names what it lacks and what is no float', async () => {
    const whole = { shape: [1], data: Int32Array.of(3) };
    const file = await openTensorFile(memorySource(encodeSafetensors(new Map([['whole', whole]]))));
    await expect(file.read('a')).rejects.toMatchObject({ code: 'TENSOR_MISSING' });
    await expect(file.read('whole')).rejects.toMatchObject({ code: 'SAFETENSORS_INVALID' });
  });

  it.each([0, 5, 8, 20])('is refused when it ends after %d bytes', async (length) => {
    const bytes = encodeSafetensors(new Map([['a', small]])).slice(0, length);
    await expect(openTensorFile(memorySource(bytes))).rejects.toMatchObject({ code: 'SAFETENSORS_INVALID' });
  });
});
