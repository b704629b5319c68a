import { describe, expect, it } from 'vitest';
import type { FailureSpot } from '../../../../../src-main/imaging/metrics/failureSpots.ts';
import type { Picture } from '../../../../../src-main/workflows/compare/pictures/picture.ts';
import {
  boneSection,
  sliceSection,
  type CasePictures,
} from '../../../../../src-main/workflows/compare/report/pictureSections.ts';

const picture: Picture = { width: 4, height: 4, png: new Uint8Array() };
const spot = (distanceMm: number | null, voxels: number): FailureSpot => ({
  voxel: [1, 1, 1],
  distanceMm,
  voxels,
  kind: 'missing',
});
const labels = ['good', 'bad', 'lost'];
const one: CasePictures = {
  caseId: 'case-a',
  reason: 'The worst case.',
  limitMm: 4,
  slices: [
    {
      slice: 0,
      heightMm: -0.2,
      mr: picture,
      ct: picture,
      methods: labels.map((label) => ({ label, sct: picture, difference: picture, marks: [] })),
    },
  ],
  bone: ['CT', ...labels].map((label) => ({ label, picture, marks: [] })),
  failures: [
    { label: 'good', spots: [], count: 0, voxels: 0 },
    { label: 'bad', spots: [spot(6, 400), spot(9, 20)], count: 14, voxels: 950 },
    { label: 'lost', spots: [spot(null, 3000)], count: 1, voxels: 3000 },
  ],
};
const text = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('sliceSection', () => {
  it('counts all places of the case, not only those with an arrow', () => {
    expect(text(sliceSection(one))).toContain(
      'good none; bad 14 (950); lost no bone at all, where the CT has 3000 surface voxels of it.',
    );
  });

  it('says that all bone is lost below every slice, also where no arrow is', () => {
    expect(text(sliceSection(one))).toMatch(
      /lost no bone at all, where the CT has 3000 surface voxels of it $/,
    );
    expect(sliceSection(one)).toContain('Slice 1, 0 mm');
  });
});

describe('boneSection', () => {
  it('names the largest place by its size, and a loss of all bone as such', () => {
    const said = text(boneSection(one));
    expect(said).toContain('bad largest place: bone missing, 6 mm off, 400 surface voxels');
    expect(said).toContain('lost no bone at all, where the CT has 3000 surface voxels of it');
    expect(said).toContain('good no failure found');
    expect(said).toContain('CT reference');
  });
});
