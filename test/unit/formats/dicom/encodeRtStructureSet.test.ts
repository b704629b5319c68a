import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeRtStructureSet } from '../../../../src-main/formats/dicom/encodeRtStructureSet.ts';
import {
  isRtStructureSet,
  readRtStructureSet,
} from '../../../../src-main/formats/dicom/readRtStructureSet.ts';
import type { RtStructureSet } from '../../../../src-main/formats/dicom/rtStructureSet.ts';
import { ctImageStorage } from '../../../../src-main/formats/dicom/sopClasses.ts';
import { findPython, runPython } from '../../../fixtures/python.ts';

const outline = (z: string): string => `-10.25\\-3.5000\\${z}\\1.5e1\\-3.5\\${z}\\15\\12.000000001\\${z}`;
const set: RtStructureSet = {
  sopInstanceUid: '1.2.3.4',
  label: 'PELVIS',
  rois: [
    {
      number: 4,
      name: 'Blase ä',
      colour: [255, 128, 0],
      generationAlgorithm: 'MANUAL',
      interpretedType: 'ORGAN',
      frameOfReferenceUid: '1.2.9',
      contours: [
        { geometricType: 'CLOSED_PLANAR', points: outline('0') },
        { geometricType: 'CLOSED_PLANAR', points: outline('3.1') },
        { geometricType: 'CLOSED_PLANAR', points: outline('90') },
      ],
    },
    {
      number: 7,
      name: 'Isocentre',
      generationAlgorithm: '',
      interpretedType: '',
      frameOfReferenceUid: '1.2.9',
      contours: [{ geometricType: 'POINT', points: '0\\0\\3' }],
    },
  ],
};
const series = {
  patient: { patientName: 'Doe^Jane', patientId: 'P1' },
  study: { studyInstanceUid: '1.2.8' },
  seriesInstanceUid: '1.2.7',
  frameOfReferenceUid: '1.2.9',
  sopClassUid: ctImageStorage,
  sopInstanceUids: ['1.2.7.1', '1.2.7.2'],
  grid: { size: [40, 40, 2], indexToLps: [1, 0, 0, -20, 0, 1, 0, -20, 0, 0, 3, 0] },
} as const;
const identity = {
  seriesInstanceUid: '1.2.6',
  sopInstanceUid: '1.2.6.1',
  seriesNumber: 9800,
  createdAt: new Date(2024, 4, 2, 13, 5, 6),
};

describe('a structure set written again', () => {
  it('has the same contours digit by digit, and only images of the new series', () => {
    const { bytes, withoutImage } = encodeRtStructureSet(set, series, identity);
    expect(isRtStructureSet(bytes, 'rs')).toBe(true);
    const read = readRtStructureSet(bytes, 'rs');
    expect(read.structureSet).toEqual({ ...set, sopInstanceUid: '1.2.6.1' });
    expect(read.frameOfReferenceUids).toEqual(['1.2.9']);
    expect([...read.imageUids]).toEqual(['1.2.7.1', '1.2.7.2']);
    expect(withoutImage).toBe(1);
  });

  it('keeps contours of more than 64 KiB whole', () => {
    const points = Array.from({ length: 9000 }, (_, at) => `${at / 100}\\-${at}.5\\3`).join('\\');
    const rois = [{ ...set.rois[0]!, contours: [{ geometricType: 'CLOSED_PLANAR', points }] }];
    const { bytes } = encodeRtStructureSet({ ...set, rois }, series, identity);
    expect(readRtStructureSet(bytes, 'rs').structureSet.rois[0]!.contours[0]!.points).toBe(points);
  });

  it('is refused when a contour holds something else than numbers', () => {
    const rois = [{ ...set.rois[0]!, contours: [{ geometricType: 'CLOSED_PLANAR', points: '1\\2\\x' }] }];
    const { bytes } = encodeRtStructureSet({ ...set, rois }, series, identity);
    expect(() => readRtStructureSet(bytes, 'rs')).toThrow(
      expect.objectContaining({ code: 'DICOM_UNSUPPORTED' }),
    );
  });

  const hasTools = spawnSync('dciodvfy', ['-version']).error === undefined;
  it.skipIf(!hasTools)('is accepted by dciodvfy', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ilium-rs-'));
    try {
      writeFileSync(join(folder, 'rs.dcm'), encodeRtStructureSet(set, series, identity).bytes);
      const { stderr } = spawnSync('dciodvfy', [join(folder, 'rs.dcm')], { encoding: 'utf8' });
      expect(stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
      expect(stderr).toContain('RTStructureSet');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(findPython(['pydicom']) === null)('is read by pydicom, every contour with its image', () => {
    const script =
      'import sys, io, json, pydicom\nd = pydicom.dcmread(io.BytesIO(sys.stdin.buffer.read()))\n' +
      'print(json.dumps([[str(v) for v in c.ContourData] + [i.ReferencedSOPInstanceUID for i in c.get("ContourImageSequence", [])] for c in d.ROIContourSequence[0].ContourSequence]))';
    const { bytes } = encodeRtStructureSet(set, series, identity);
    const told: unknown = JSON.parse(runPython(script, { modules: ['pydicom'], input: bytes }));
    const digits = (z: string): string[] => outline(z).split('\\');
    expect(told).toEqual([[...digits('0'), '1.2.7.1'], [...digits('3.1'), '1.2.7.2'], digits('90')]);
  });
});
