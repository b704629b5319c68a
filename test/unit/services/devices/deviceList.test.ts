import { expect, it } from 'vitest';
import { createDeviceList } from '../../../../src-main/services/devices/deviceList.ts';

it('devices are tried once, however often and at once they are asked for', async () => {
  let tried = 0;
  const devices = createDeviceList(() => {
    tried++;
    return Promise.resolve([
      { device: 'cpu', title: 'CPU', usable: true, note: '' },
      { device: 'cuda', title: 'NVIDIA GPU', usable: false, note: 'no library' },
    ]);
  });
  expect(devices.resolve('auto')).toBe('auto');
  const [first, second] = await Promise.all([devices.list(), devices.list()]);
  expect(await devices.list()).toBe(first);
  expect(second).toBe(first);
  expect(tried).toBe(1);
  expect([devices.resolve('auto'), devices.resolve('cuda')]).toEqual(['cpu', 'cuda']);
  expect(first).toEqual([
    { name: 'cpu', usable: true, title: 'CPU', note: '' },
    { name: 'cuda', usable: false, title: 'NVIDIA GPU', note: 'no library' },
  ]);
});

it('a failed attempt is not remembered', async () => {
  let tried = 0;
  const devices = createDeviceList(() =>
    tried++ === 0 ? Promise.reject(new Error('no memory')) : Promise.resolve([]),
  );
  await expect(devices.list()).rejects.toThrow('no memory');
  expect(await devices.list()).toEqual([]);
});

it('the choice is left open where a device could be faster than the CPU', async () => {
  const both = ['cpu', 'webgpu'].map((device) => ({ device, title: device, usable: true, note: '' }));
  const devices = createDeviceList(() => Promise.resolve(both));
  await devices.list();
  expect(devices.resolve('auto')).toBe('auto');
});
