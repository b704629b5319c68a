import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeSafetensors } from '../../../../src-main/formats/safetensors/safetensors.ts';
import { installWeights } from '../../../../src-main/services/weights/installWeights.ts';
import { readInstalledWeights } from '../../../../src-main/services/weights/readInstalledWeights.ts';
import type {
  PublishedFile,
  WeightsPackage,
} from '../../../../src-main/services/weights/weightsCatalogue.ts';
import { readWeightsRecord } from '../../../../src-main/services/weights/weightsRecord.ts';
import type { Progress } from '../../../../src-main/shared/progress.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const values = (length: number, scale = 1): Float32Array =>
  Float32Array.from({ length }, (_, at) => scale * Math.sin(at));
const bytesOf = (tensors: Record<string, Float32Array>): Uint8Array =>
  encodeSafetensors(
    new Map(Object.entries(tensors).map(([name, data]) => [name, { shape: [data.length], data }])),
  );

/** 400 kB, of which 4 kB are kept. */
const published = bytesOf({ 'features.0.weight': values(1000), classifier: values(100_000, 2) });
const spec = (name: string, extent: number) => ({ name, shape: [extent], fanIn: 1 });

/** An address on this machine that nobody listens to. */
async function unusedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}/weights`;
}

describe('installing weights', () => {
  let directory = '';
  let server: Server;
  let base = '';
  /** Ranges that were asked for, one per request. */
  let ranges: (string | undefined)[] = [];
  /** After how many bytes each coming answer is cut. */
  let cuts: number[] = [];
  let content = published;
  let knowsRanges = true;
  /** What every answer waits for. */
  let hold = Promise.resolve();

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ilium-weights-'));
    [ranges, cuts, content, knowsRanges, hold] = [[], [], published, true, Promise.resolve()];
    const answer: RequestListener = (request, response) => {
      const { range } = request.headers;
      if (request.url === '/absent') return void response.writeHead(404).end();
      const start = knowsRanges && range ? Number(/(\d+)/.exec(range)?.[1]) : 0;
      if (start >= content.length)
        return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      response.writeHead(start > 0 ? 206 : 200, {
        'content-length': content.length - start,
        ...(start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
      });
      const cut = cuts.shift();
      if (cut === undefined) return void response.end(content.subarray(start));
      // Cut only when something has reached the disk, however busy the machine is: what is on its way is lost with the connection.
      const arrived = join(directory, 'downloads', 'alexnet-weights.safetensors');
      response.write(content.subarray(start, start + cut), () => {
        if (cut === 0) return void response.destroy();
        void vi
          .waitFor(() => expect(statSync(arrived).size).toBeGreaterThan(start), {
            timeout: 4000,
            interval: 5,
          })
          .finally(() => response.destroy());
      });
    };
    server = createServer((request, response) => {
      ranges.push(request.headers.range);
      void hold.then(() => answer(request, response));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    rmSync(directory, { recursive: true });
  });

  const packageOf = (...files: Partial<PublishedFile>[]): WeightsPackage => ({
    name: 'alexnet',
    title: 'a network',
    usedFor: 'a test',
    licence: 'BSD-3-Clause',
    files: (files.length > 0 ? files : [{}]).map((file) => ({
      url: `${base}/weights.safetensors`,
      megabytes: 1,
      sha256: [sha256(published)],
      tensors: [spec('features.0.weight', 1000)],
      prefix: '',
      ...file,
    })),
  });

  it('downloads, checks, keeps the needed tensors and a record, and nothing else', async () => {
    const steps: Progress[] = [];
    const weights = packageOf();
    await installWeights(weights, { directory, onProgress: (step) => steps.push(step) });
    const stored = await readInstalledWeights('alexnet', ['features.0.weight'], directory);
    expect(stored.get('features.0.weight')).toEqual(values(1000));
    expect(readFileSync(join(directory, 'alexnet.safetensors')).length).toBeLessThan(5000);
    expect(existsSync(join(directory, 'downloads', 'alexnet-weights.safetensors'))).toBe(false);
    expect(await readWeightsRecord(directory, 'alexnet')).toMatchObject({
      name: 'alexnet',
      licence: 'BSD-3-Clause',
      tensors: 1,
      sources: [
        {
          from: `${base}/weights.safetensors`,
          bytes: published.length,
          sha256: sha256(published),
          published: true,
        },
      ],
    });
    expect(steps.at(-1)).toEqual({ step: 'download', done: published.length, total: published.length });
  });

  it('goes on where the connection was cut', async () => {
    cuts = [150_000, 100_000];
    await installWeights(packageOf(), { directory });
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBeUndefined();
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
    const stored = await readInstalledWeights('alexnet', ['features.0.weight'], directory);
    expect(stored.get('features.0.weight')).toEqual(values(1000));
  });

  it('goes on in a later call with what an earlier one left', async () => {
    mkdirSync(join(directory, 'downloads'));
    writeFileSync(
      join(directory, 'downloads', 'alexnet-weights.safetensors'),
      published.subarray(0, 123_456),
    );
    await installWeights(packageOf(), { directory });
    expect(ranges).toEqual(['bytes=123456-']);
  });

  it('installs what had arrived whole before', async () => {
    mkdirSync(join(directory, 'downloads'));
    writeFileSync(join(directory, 'downloads', 'alexnet-weights.safetensors'), published);
    await installWeights(packageOf(), { directory });
    expect(await readWeightsRecord(directory, 'alexnet')).not.toBeNull();
  });

  it('starts over where what is there is longer than the file', async () => {
    mkdirSync(join(directory, 'downloads'));
    const partial = join(directory, 'downloads', 'alexnet-weights.safetensors');
    writeFileSync(partial, new Uint8Array(published.length + 5));
    await installWeights(packageOf(), { directory });
    expect(ranges).toEqual([`bytes=${published.length + 5}-`, undefined]);
    const stored = await readInstalledWeights('alexnet', ['features.0.weight'], directory);
    expect(stored.get('features.0.weight')).toEqual(values(1000));
  });

  it('refuses a second installation meanwhile, and says who is at it', async () => {
    const install = (): Promise<unknown> => installWeights(packageOf(), { directory });
    // The first goes on only when the second has been refused.
    let goOn = (): void => undefined;
    hold = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const first = install();
    await vi.waitFor(() => expect(ranges).toHaveLength(1));
    await expect(install()).rejects.toMatchObject({
      code: 'JOB_BUSY',
      message: expect.stringContaining(`alexnet (PID ${process.pid})`),
    });
    goOn();
    await first;
    expect(ranges).toEqual([undefined]);
    // Whoever comes after it finds the place free.
    await install();
    expect(readdirSync(directory).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('starts over where the server knows no ranges', async () => {
    knowsRanges = false;
    cuts = [150_000];
    await installWeights(packageOf(), { directory });
    expect(await readWeightsRecord(directory, 'alexnet')).not.toBeNull();
  });

  it('gives up on a server that brings nothing, with the way out in the message', async () => {
    cuts = [0, 0, 0, 0, 0];
    const refused = installWeights(packageOf(), { directory });
    await expect(refused).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
    await expect(refused).rejects.toThrow('ilium weights install alexnet --from FILE');
    expect(ranges).toHaveLength(3);
  });

  it.each<[string, string, () => string | Promise<string>]>([
    ['an address that is not there', '404', () => `${base}/absent`],
    ['a machine that does not answer', 'no connection', unusedAddress],
    ['a port that is never asked', 'bad port', () => 'http://127.0.0.1:1/weights'],
  ])('says in one line why %s fails', async (_, reason, url) => {
    const refused = installWeights(packageOf({ url: await url() }), { directory });
    await expect(refused).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
    await expect(refused).rejects.toThrow(reason);
    await expect(refused).rejects.not.toThrow('\n');
  });

  it('installs nothing whose digest differs, keeps what is installed, and starts anew the next time', async () => {
    await installWeights(packageOf(), { directory });
    content = bytesOf({ 'features.0.weight': values(1000, 3), classifier: values(100_000, 2) });
    await expect(installWeights(packageOf(), { directory })).rejects.toMatchObject({ code: 'WEIGHTS_HASH' });
    const stored = await readInstalledWeights('alexnet', ['features.0.weight'], directory);
    expect(stored.get('features.0.weight')).toEqual(values(1000));
    content = published;
    await installWeights(packageOf(), { directory });
    expect(ranges).toEqual([undefined, undefined, undefined]);
  });

  it('stops when it is told to and keeps what arrived', async () => {
    const stop = new AbortController();
    const onProgress = ({ done }: Progress): void => {
      if (done > 0) stop.abort();
    };
    const stopped = installWeights(packageOf(), { directory, signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readWeightsRecord(directory, 'alexnet')).toBeNull();
  });

  describe('from local files', () => {
    const local = (name: string, bytes: Uint8Array): string => {
      const path = join(directory, name);
      writeFileSync(path, bytes);
      return path;
    };

    it('takes the published file as such, and another one with a word about it', async () => {
      const from = [local('published.safetensors', published)];
      expect((await installWeights(packageOf(), { directory, from })).sources).toMatchObject([
        { from: 'published.safetensors', published: true },
      ]);
      const other = [local('other.safetensors', bytesOf({ 'features.0.weight': values(1000, 5) }))];
      expect((await installWeights(packageOf(), { directory, from: other })).sources).toMatchObject([
        { from: 'other.safetensors', published: false },
      ]);
      expect(ranges).toEqual([]);
    });

    it('finds each of several files in a folder by what it holds', async () => {
      const folder = join(directory, 'given');
      mkdirSync(folder);
      writeFileSync(join(folder, 'a'), bytesOf({ lin: values(5) }));
      writeFileSync(join(folder, 'b'), bytesOf({ lin: values(3) }));
      const weights = packageOf(
        { tensors: [spec('lin', 3)], prefix: 'alex.' },
        { tensors: [spec('lin', 5)], prefix: 'vgg.' },
      );
      const { sources } = await installWeights(weights, { directory, from: [folder] });
      expect(sources.map(({ from }) => from)).toEqual(['b', 'a']);
      const stored = await readInstalledWeights('alexnet', ['alex.lin', 'vgg.lin'], directory);
      expect(stored.get('vgg.lin')).toEqual(values(5));
      // What is stored can itself be carried to another machine.
      const again = await installWeights(weights, {
        directory,
        from: [join(directory, 'alexnet.safetensors')],
      });
      expect(again.tensors).toBe(2);
    });

    it('names the tensor that is missing or of another shape, and the file that is not there', async () => {
      const install = (bytes: Uint8Array): Promise<unknown> =>
        installWeights(packageOf(), { directory, from: [local('given', bytes)] });
      await expect(install(bytesOf({ other: values(2) }))).rejects.toThrow(
        'no tensor named features.0.weight',
      );
      await expect(install(bytesOf({ 'features.0.weight': values(9) }))).rejects.toThrow('[9] where [1000]');
      await expect(install(values(50) as unknown as Uint8Array)).rejects.toMatchObject({
        code: 'SAFETENSORS_INVALID',
      });
      const absent = installWeights(packageOf(), { directory, from: [join(directory, 'absent')] });
      await expect(absent).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    });
  });
});

describe('reading weights that are not installed', () => {
  it('says the command that helps', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ilium-weights-'));
    await expect(readInstalledWeights('vgg19', ['features.0.weight'], directory)).rejects.toThrow(
      'ilium weights install vgg19',
    );
    rmSync(directory, { recursive: true });
  });
});
