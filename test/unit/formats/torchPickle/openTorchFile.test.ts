import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTorchFile } from '../../../../src-main/formats/torchPickle/openTorchFile.ts';
import { memorySource } from '../../../fixtures/memorySource.ts';

const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../fixtures/torch', name)));

describe.each(['old.pth', 'archive.pth'])('%s', (name) => {
  const open = () => openTorchFile(memorySource(bytesOf(name), name));

  it('lists every tensor with its shape', async () => {
    expect([...(await open()).shapes]).toEqual([
      ['half', [2]],
      ['counted', [1]],
      ['lin0.model.1.weight', [1, 4, 1, 1]],
      ['shared.a', [2, 3]],
      ['shared.b', [2, 3]],
      ['turned', [3, 2]],
    ]);
  });

  it('reads 32-bit floats, also two tensors of one storage', async () => {
    const file = await open();
    expect([...(await file.read('lin0.model.1.weight'))]).toEqual([0.5, 1.5, 2.5, 3.5]);
    expect([...(await file.read('shared.a'))]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...(await file.read('shared.b'))]).toEqual([6, 7, 8, 9, 10, 11]);
  });

  it('refuses what it does not read rightly', async () => {
    const file = await open();
    await expect(file.read('absent')).rejects.toMatchObject({ code: 'TENSOR_MISSING' });
    for (const other of ['turned', 'half', 'counted'])
      await expect(file.read(other)).rejects.toMatchObject({ code: 'TORCH_FILE_INVALID' });
  });

  it('ends in one of two errors wherever it is cut off', async () => {
    const whole = bytesOf(name);
    for (let length = 0; length < whole.length; length += 7) {
      const outcome = openTorchFile(memorySource(whole.slice(0, length))).then((file) =>
        Promise.all(['lin0.model.1.weight', 'shared.b'].map((tensor) => file.read(tensor))),
      );
      await outcome.then(
        // Only bytes that these tensors do not need are missing.
        () => expect(length).toBeGreaterThan(whole.length / 2),
        (error: unknown) => expect(error).toMatchObject({ code: 'TORCH_FILE_INVALID' }),
      );
    }
  });

  it('never does worse than refuse when a byte is changed', async () => {
    const whole = bytesOf(name);
    for (let at = 0; at < Math.min(whole.length, 1500); at++) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x5a;
      const outcome = openTorchFile(memorySource(changed)).then((file) => file.read('shared.a'));
      await outcome.catch((error: unknown) =>
        expect(['TORCH_FILE_INVALID', 'TENSOR_MISSING']).toContain((error as { code?: string }).code),
      );
    }
  });
});

it('reads of an archive little more than what is asked for', async () => {
  const padding = new Uint8Array(200_000);
  const bytes = bytesOf('archive.pth');
  const source = memorySource(bytes);
  const file = await openTorchFile(source);
  const before = source.taken();
  await file.read('lin0.model.1.weight');
  expect(source.taken() - before).toBe(16);
  // The old form allows anything behind its last storage.
  const long = memorySource(new Uint8Array([...bytesOf('old.pth'), ...padding]));
  expect([...(await (await openTorchFile(long)).read('shared.a'))]).toEqual([0, 1, 2, 3, 4, 5]);
});
