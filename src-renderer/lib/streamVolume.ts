/**
 * Reads a volume of a case slice by slice: the array is there as soon as the header has come, and slices can be looked at while
 * the rest is on its way. The bytes lie in memory once.
 */
import type { VolumeHeader } from '../../src-main/api/contract/volumes.ts';
import { ClientError, request } from './client.ts';
import { makeVolume, type LoadedVolume } from './volume.ts';

const BYTES: Readonly<Record<VolumeHeader['type'], number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  float32: 4,
  float64: 8,
};

const AIR_HU = -1024;
const canHoldAir: ReadonlySet<VolumeHeader['type']> = new Set(['int16', 'int32', 'float32', 'float64']);

export interface VolumeStream {
  readonly signal: AbortSignal;
  /** The volume, its voxels still zero, or air in HU: what has not come yet is dark. */
  onStart(volume: LoadedVolume): void;
  /** Slices `from` (inclusive) to `to` (exclusive) along k have come. */
  onSlices(volume: LoadedVolume, from: number, to: number): void;
}

function headerOf(response: Response): VolumeHeader {
  const header = JSON.parse(response.headers.get('Ilium-Volume') ?? 'null') as VolumeHeader | null;
  if (header) return header;
  throw new ClientError({ code: 'INTERNAL', message: 'A volume came without a header.', details: {} }, 500);
}

/** Path of a volume: `mr`, `ct`, `mask`, `weight` or an sCT's id. */
export function volumePath(caseId: string, name: string): string {
  return `/api/cases/${encodeURIComponent(caseId)}/volumes/${encodeURIComponent(name)}`;
}

/** Reads the volume to its end. Throws `ClientError`, or an AbortError once the signal fires. */
export async function streamVolume(path: string, stream: VolumeStream): Promise<LoadedVolume> {
  const response = await request(path, { signal: stream.signal });
  const header = headerOf(response);
  const [nx, ny, nz] = header.size;
  const sliceBytes = nx * ny * BYTES[header.type];
  const bytes = new Uint8Array(sliceBytes * nz);
  const volume = makeVolume(header, bytes.buffer);
  if (header.unit === 'HU' && canHoldAir.has(header.type)) volume.data.fill(AIR_HU);
  stream.onStart(volume);
  const reader = response.body?.getReader();
  let received = 0;
  let slices = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    if (received + part.value.length > bytes.length) throw cutShort();
    bytes.set(part.value, received);
    received += part.value.length;
    const complete = Math.floor(received / sliceBytes);
    if (complete > slices) stream.onSlices(volume, slices, complete);
    slices = complete;
  }
  if (received !== bytes.length) throw cutShort();
  return volume;
}

function cutShort(): ClientError {
  return new ClientError(
    {
      code: 'INTERNAL',
      message: 'A volume came with another number of bytes than its header says.',
      details: {},
    },
    500,
  );
}
