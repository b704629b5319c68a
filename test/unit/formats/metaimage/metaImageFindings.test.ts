import { describe, expect, it } from 'vitest';
import { metaImageFindings } from '../../../../src-main/formats/metaimage/metaImageFindings.ts';

const header = (matrix: string, label: string): Uint8Array =>
  new TextEncoder().encode(
    [
      'ObjectType = Image', 'NDims = 3', 'DimSize = 2 2 2', 'ElementType = MET_SHORT', `TransformMatrix = ${matrix}`,
      `AnatomicalOrientation = ${label}`, 'ElementDataFile = LOCAL', '',
    ].join('\n'),
  ); // prettier-ignore
const found = (matrix: string, label: string): unknown =>
  metaImageFindings(header(matrix, label), 'a.mha').map(({ code, details }) => [code, details]);

const identity = '1 0 0 0 1 0 0 0 1';
const obliqueSagittal = '0.1 0.98 -0.17 0 -0.17 -0.98 1 0 0';

describe('AnatomicalOrientation', () => {
  it.each([
    [identity, 'RAI'],
    [identity, 'LPS'],
    [identity, '???'],
    [obliqueSagittal, 'ASR'],
  ])('with directions %s: %s agrees, or says nothing', (matrix, label) => {
    expect(found(matrix, label)).toEqual([]);
  });

  it('that contradicts the directions is told, with what counts', () => {
    const details = { label: 'LAI', axes: 'RAI', opposite: 'LPS' };
    expect(found(identity, 'LAI')).toEqual([['metaimage-label-differs', details]]);
  });
});
