/** Large series of simple bodies as DICOM, written directly because the anatomical phantom would take minutes at these sizes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDicom } from '../../fixtures/dicomBuilder.ts';

export interface SeriesShape {
  readonly modality: 'MR' | 'CT';
  /** Voxels along rows, columns and through the slices. */
  readonly size: readonly [columns: number, rows: number, slices: number];
  readonly spacingMm: readonly [number, number, number];
  /** Must differ between series of one folder. */
  readonly number: number;
}

/**
 * An elliptic cylinder of soft tissue with a bony ring that narrows from foot to head, so that every slice differs. CT in HU; MR with
 * dark bone.
 */
export async function writeSeries(folder: string, shape: SeriesShape): Promise<void> {
  const [columns, rows, slices] = shape.size;
  const [dx, dy, dz] = shape.spacingMm;
  await mkdir(folder, { recursive: true });
  const pixels = new Int16Array(columns * rows);
  for (let k = 0; k < slices; k++) {
    paint(pixels, shape, 0.35 + (0.4 * k) / slices);
    const file = buildDicom({
      modality: shape.modality,
      columns,
      rows,
      pixelSpacing: [dy, dx],
      position: [(-dx * columns) / 2, (-dy * rows) / 2, dz * k],
      instanceNumber: k + 1,
      sopInstanceUid: `1.2.826.0.1.${shape.number}.${k + 1}`,
      seriesInstanceUid: `1.2.826.0.2.${shape.number}`,
      signed: true,
      rescale: ['1', '0'],
      stored: [],
      extra: [
        { tag: '00100020', vr: 'LO', value: `E2E-${shape.number}` },
        { tag: '0020000d', vr: 'UI', value: `1.2.826.0.3.${shape.number >> 4}` },
        { tag: '00200052', vr: 'UI', value: `1.2.826.0.4.${shape.number >> 4}` },
        { tag: '00180050', vr: 'DS', value: String(dz) },
        { tag: '7fe00010', vr: 'OW', value: new Uint8Array(pixels.buffer.slice(0)) },
      ],
    });
    await writeFile(join(folder, `${String(k).padStart(4, '0')}.dcm`), file);
  }
}

/** `ring`: radius of the bone as a share of the body's. */
function paint(pixels: Int16Array, { modality, size: [columns, rows] }: SeriesShape, ring: number): void {
  const [air, tissue, bone] = modality === 'CT' ? [-1000, 40, 700] : [0, 400, 60];
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const radius = Math.hypot((2 * i) / columns - 1, ((2 * j) / rows - 1) * 1.3) / 0.85;
      const grain = ((i * 7 + j * 13) % 17) - 8;
      const value = radius > 1 ? air : Math.abs(radius - ring) < 0.08 ? bone : tissue;
      pixels[i + columns * j] = value === air ? air : value + grain;
    }
}
