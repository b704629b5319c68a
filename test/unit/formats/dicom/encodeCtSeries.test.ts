import { describe, expect, it } from 'vitest';
import { assembleVolume } from '../../../../src-main/formats/dicom/assembleVolume.ts';
import { createDicomUid, dicomUidsUnder } from '../../../../src-main/formats/dicom/dicomUid.ts';
import type { DerivedCt } from '../../../../src-main/formats/dicom/ctSeriesAttributes.ts';
import { encodeCtSeries } from '../../../../src-main/formats/dicom/encodeCtSeries.ts';
import { encodeOriginalSeries } from '../../../../src-main/formats/dicom/encodeOriginalSeries.ts';
import { encodePart10 } from '../../../../src-main/formats/dicom/encodePart10.ts';
import { groupSeries } from '../../../../src-main/formats/dicom/groupSeries.ts';
import type { EncodedInstance } from '../../../../src-main/formats/dicom/imageAttributes.ts';
import { readDicomHeader } from '../../../../src-main/formats/dicom/readDicomHeader.ts';
import { openDataSet } from '../../../../src-main/formats/dicom/openDataSet.ts';
import { applyAffine, composeAffine, type Affine } from '../../../../src-main/shared/affine.ts';
import { createRandom } from '../../../../src-main/shared/random.ts';
import { uidRootSchema } from '../../../../src-main/formats/dicom/uidRoot.ts';
import type { Volume } from '../../../../src-main/shared/volume.ts';

const [c, s] = [Math.cos(0.31), Math.sin(0.31)];
const oblique: Affine = [
  1.1,
  0,
  0,
  -20.123456789012,
  0,
  1.2 * c,
  -2.5 * s,
  3.3333e-8,
  0,
  1.2 * s,
  2.5 * c,
  100 / 3,
];
const grid = { size: [5, 4, 3], indexToLps: oblique } as const;
const mr: Volume<Int16Array> = { grid, data: Int16Array.from({ length: 60 }, (_, at) => 7 * at) };
const model = { name: 'pelvis-meta', version: '1.2', weightHash: 'abc123' };

function readBack(instances: readonly EncodedInstance[]) {
  const files = new Map(instances.map(({ name, bytes }) => [name, bytes]));
  const { groups } = groupSeries(instances.map(({ name, bytes }) => readDicomHeader(bytes, name)));
  expect(groups).toHaveLength(1);
  return assembleVolume(groups[0]!, (name) => Promise.resolve(files.get(name)!));
}

const original = () =>
  encodeOriginalSeries({
    volume: mr,
    modality: 'MR',
    patient: { patientName: 'Müller^Ünal', patientId: 'P-7' },
    study: { studyInstanceUid: '1.2.3', studyDate: '20260102' },
    frameOfReferenceUid: '1.2.4',
    seriesNumber: 3,
    seriesDescription: 't1 phantom',
  });

async function derived(change: Partial<DerivedCt> = {}): Promise<DerivedCt> {
  const { source } = await readBack(original());
  const volume = { grid, data: Float32Array.from(mr.data, (value) => value - 1024 + 0.3) };
  return { volume, source, model, ...change };
}

function expectSameGrid(actual: Affine, expected: Affine): void {
  actual.forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-9));
}

describe('an original series', () => {
  it.each(['MR', 'CT'] as const)('of %s reads back with its values, grid and identity', async (modality) => {
    const study = { studyInstanceUid: '1.2.3' };
    const patient = { patientName: 'Müller^Ünal=山田', patientId: 'P-7' };
    const series = { frameOfReferenceUid: '1.2.4', seriesNumber: 3, seriesDescription: 'phantom' };
    const { volume, source } = await readBack(
      encodeOriginalSeries({ volume: mr, modality, patient, study, ...series }),
    );
    expect(volume.data).toEqual(mr.data);
    expectSameGrid(volume.grid.indexToLps, oblique);
    expect(source).toMatchObject({
      modality,
      patient,
      study,
      frameOfReferenceUid: '1.2.4',
      patientPosition: 'HFS',
    });
  });

  it('keeps unsigned values beyond 32767', async () => {
    const data = Uint16Array.from({ length: 60 }, (_, at) => 65535 - at);
    const instances = encodeOriginalSeries({
      volume: { grid, data },
      modality: 'MR',
      patient: {},
      study: { studyInstanceUid: '1.2.3' },
      frameOfReferenceUid: '1.2.4',
      seriesNumber: 1,
      seriesDescription: 'wide',
    });
    const { volume } = await readBack(instances);
    expect(Array.from(volume.data)).toEqual(Array.from(data));
  });

  it('comes out the same again with seeded identifiers and a fixed time', () => {
    const make = () => {
      const random = createRandom(5);
      return encodeOriginalSeries({
        volume: mr,
        modality: 'CT',
        patient: { patientId: 'P' },
        study: { studyInstanceUid: '1.2.3' },
        frameOfReferenceUid: '1.2.4',
        seriesNumber: 1,
        seriesDescription: 'same',
        createdAt: new Date(2026, 0, 2, 3, 4, 5),
        createUid: () => createDicomUid(random),
      });
    };
    expect(make()).toEqual(make());
  });
});

describe('a derived CT', () => {
  it('reads back as the rounded HU on the grid of the MR, with its patient, study and frame of reference', async () => {
    const input = await derived();
    const { instances, findings, seriesInstanceUid } = encodeCtSeries(input);
    const { volume, source } = await readBack(instances);
    expect(volume.data).toEqual(Int16Array.from(mr.data, (value) => value - 1024));
    expectSameGrid(volume.grid.indexToLps, oblique);
    expect(findings).toEqual([]);
    expect(source.modality).toBe('CT');
    expect(source.seriesInstanceUid).toBe(seriesInstanceUid);
    for (const key of ['patient', 'study', 'frameOfReferenceUid', 'patientPosition'] as const) {
      expect(source[key]).toEqual(input.source![key]);
    }
    const sourceUids = input.source!.slices.map(({ sopInstanceUid }) => sopInstanceUid);
    const own = instances.map(({ sopInstanceUid }) => sopInstanceUid);
    expect(new Set([...own, ...sourceUids, seriesInstanceUid, input.source!.seriesInstanceUid]).size).toBe(8);
    instances.forEach(({ bytes }, k) => expect(Buffer.from(bytes).includes(sourceUids[k]!)).toBe(true));
  });

  it('names the frames of a multi-frame MR, the instance once however many of its frames a slice was made from', async () => {
    const { source } = await derived();
    const frames = source!.slices.map((slice, at) => ({
      ...slice,
      sopInstanceUid: '1.2.9',
      frameNumber: at + 1,
    }));
    const framed = { ...source!, slices: frames };
    const referencesOf = (instances: readonly EncodedInstance[]) =>
      instances.map(({ bytes, name }) =>
        openDataSet(bytes, name)
          .dataSet.elements['x00082112']!.items!.map(({ dataSet }) => dataSet!)
          .map((item) => [item.string('x00081155'), item.string('x00081160')]),
      );
    expect(referencesOf(encodeCtSeries(await derived({ source: framed })).instances)).toEqual([
      [['1.2.9', '1']],
      [['1.2.9', '2']],
      [['1.2.9', '3']],
    ]);
    // Half a slice further: between two frames each.
    const shifted = { ...grid, indexToLps: composeAffine(oblique, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0.5]) };
    const volume = { grid: shifted, data: new Float32Array(60) };
    const between = referencesOf(encodeCtSeries(await derived({ source: framed, volume })).instances);
    expect(between.map((items) => items.length)).toEqual([1, 1, 1]);
    expect(between[0]![0]![1]!.split('\\').length).toBeGreaterThan(1);
  });

  it('names model and weights in every file', async () => {
    const { instances } = encodeCtSeries(await derived());
    for (const { bytes } of instances) {
      const text = Buffer.from(bytes).toString('latin1');
      for (const part of [
        'pelvis-meta 1.2, weights abc123',
        'DERIVED\\SECONDARY\\AXIAL',
        'not for clinical use',
      ]) {
        expect(text).toContain(part);
      }
    }
  });

  it('says that places are preserved only on the grid of its source', async () => {
    const preserved = (instances: readonly EncodedInstance[]) =>
      instances.map(({ bytes }) => {
        const at = Buffer.from(bytes).indexOf(Buffer.from([0x28, 0x00, 0x5a, 0x13]));
        return Buffer.from(bytes.subarray(at + 8, at + 11))
          .toString()
          .replace(/[^A-Z]/g, '');
      });
    expect(preserved(encodeCtSeries(await derived()).instances)).toEqual(['YES', 'YES', 'YES']);
    const shifted: Affine = [...oblique.slice(0, 3), -19, ...oblique.slice(4)] as unknown as Affine;
    const volume = { grid: { size: grid.size, indexToLps: shifted }, data: mr.data };
    expect(preserved(encodeCtSeries(await derived({ volume })).instances)).toEqual(['NO', 'NO', 'NO']);
  });

  it('names on another grid every source slice that a slice crosses', async () => {
    const input = await derived();
    const axial: Affine = [1, 0, 0, -20, 0, 1, 0, -2, 0, 0, 1, 34];
    const volume = { grid: { size: [5, 8, 4] as const, indexToLps: axial }, data: new Int16Array(160) };
    const { instances } = encodeCtSeries({ ...input, volume });
    const uids = input.source!.slices.map(({ sopInstanceUid }) => sopInstanceUid);
    const named = instances.map(({ bytes }) => uids.filter((uid) => Buffer.from(bytes).includes(uid)).length);
    // Turned by 18°, 8 mm of a row rise by 2.4 mm: about one spacing of the source.
    expect(Math.max(...named)).toBe(3);
    expect(Math.min(...named)).toBeGreaterThanOrEqual(1);
  });

  it('says in words what the gate said, why it was overridden, and how it was resampled', async () => {
    const gate = { verdict: 'stop', override: 'end-to-end test\nwith the phantom' };
    const resampling = 'Resampled to axial slices.';
    const textOf = (input: DerivedCt): string =>
      Buffer.from(encodeCtSeries(input).instances[0]!.bytes).toString('latin1');
    const text = textOf(await derived({ gate, resampling }));
    const overridden = 'Domain gate overridden: end-to-end test with the phantom';
    expect(text).toContain(`Domain gate: stop. Resampled to axial slices. ${overridden}`);
    expect(text.split(overridden)).toHaveLength(3);
    expect(textOf(await derived({ gate: { verdict: 'green', override: null } }))).toContain(
      'Domain gate: green.',
    );
  });

  it('writes zeros for what matrix arithmetic leaves in their place, and every number within 16 characters', async () => {
    const random = createRandom(3);
    for (let round = 0; round < 25; round++) {
      const [a, b] = round === 0 ? [Math.PI / 2, Math.PI] : [random.uniform() * 7, random.uniform() * 7];
      const turn = composeAffine(
        [Math.cos(a), -Math.sin(a), 0, 0, Math.sin(a), Math.cos(a), 0, 0, 0, 0, 1, 0],
        [1, 0, 0, 0, 0, Math.cos(b), -Math.sin(b), 0, 0, Math.sin(b), Math.cos(b), 0],
      );
      const scaled = composeAffine(turn, [
        0.7,
        0,
        0,
        -100 / 3,
        0,
        0.9,
        0,
        200 / 7,
        0,
        0,
        3.3,
        1e3 * random.uniform(),
      ]);
      const volume = { grid: { size: grid.size, indexToLps: scaled }, data: mr.data };
      const { instances } = encodeCtSeries({ volume, model });
      for (const [k, { bytes, name }] of instances.entries()) {
        const { imageOrientationPatient, imagePositionPatient } = readDicomHeader(bytes, name);
        const expected = [turn[0], turn[4], turn[8], turn[1], turn[5], turn[9]];
        imageOrientationPatient.forEach((cosine, at) => {
          expect(Math.abs(cosine - expected[at]!)).toBeLessThan(1e-12);
          expect(cosine === 0 || Math.abs(cosine) >= 1e-12).toBe(true);
        });
        const place = applyAffine(scaled, [0, 0, k]);
        imagePositionPatient.forEach((mm, at) => expect(Math.abs(mm - place[at]!)).toBeLessThan(1e-9));
        const text = openDataSet(bytes, name).dataSet;
        for (const tag of ['x00200032', 'x00200037', 'x00280030', 'x00201041'])
          for (const part of text.string(tag)!.split('\\')) expect(part.length).toBeLessThanOrEqual(16);
      }
    }
  });

  it('clips what 16 bits cannot hold and says so', async () => {
    const data = Float32Array.from({ length: 60 }, (_, at) => (at === 3 ? 1e6 : at === 4 ? -1e6 : 0));
    const { written, findings } = encodeCtSeries(await derived({ volume: { grid, data } }));
    expect([written.data[3], written.data[4]]).toEqual([32767, -32768]);
    expect(findings).toMatchObject([{ code: 'hu-clipped', details: { count: 2 } }]);
  });

  it('refuses HU that are no numbers', async () => {
    const data = new Float32Array(60).fill(NaN);
    await expect(derived({ volume: { grid, data } }).then(encodeCtSeries)).rejects.toMatchObject({
      code: 'VOLUME_NOT_FINITE',
      details: { count: 60 },
    });
  });

  it('refuses a grid whose rows and columns are not at right angles', async () => {
    const sheared: Affine = [1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    const volume = { grid: { size: grid.size, indexToLps: sheared }, data: mr.data };
    await expect(derived({ volume }).then(encodeCtSeries)).rejects.toMatchObject({ code: 'VOLUME_NOT_3D' });
  });

  it('without a DICOM source gets a study and a frame of reference of its own', async () => {
    const { instances } = encodeCtSeries({ volume: mr, model, patient: { patientId: 'case-1' } });
    const { source } = await readBack(instances);
    expect(source.patient.patientId).toBe('case-1');
    for (const uid of [source.study.studyInstanceUid, source.frameOfReferenceUid])
      expect(uid).toMatch(/^2\.25\.\d+$/);
  });
});

describe('encodePart10', () => {
  it('throws for an unknown keyword instead of dropping it', () => {
    expect(() => encodePart10({ NoSuchKeyword: '1' })).toThrow('NoSuchKeyword');
    expect(() => encodePart10({ SourceImageSequence: [{ Nonsense: '1' }] })).toThrow('Nonsense');
  });
});

describe('createDicomUid', () => {
  it('is a UUID-derived UID of at most 64 characters, with version and variant bits', () => {
    const random = createRandom(1);
    for (const uid of [createDicomUid(), createDicomUid(random), createDicomUid(random)]) {
      expect(uid).toMatch(/^2\.25\.[1-9]\d{1,38}$/);
      const hex = BigInt(uid.slice(5)).toString(16).padStart(32, '0');
      expect(hex[12]).toBe('4');
      expect(hex[16]).toMatch(/[89ab]/);
    }
  });
});

describe('UIDs under an institution’s root', () => {
  it.each(['1.2', '1.2.826.0.1.3680043.10.1234', `1.3.${'9'.repeat(39)}`])(
    'of %s are valid, new and at most 64 long',
    (root) => {
      const make = dicomUidsUnder(uidRootSchema.parse(root));
      const uids = Array.from({ length: 200 }, make);
      expect(new Set(uids).size).toBe(200);
      for (const uid of uids) {
        expect(uid.startsWith(`${root}.`)).toBe(true);
        expect(uid.length).toBeLessThanOrEqual(64);
        expect(uid).toMatch(/^[0-2](\.(0|[1-9]\d*))+$/);
      }
    },
  );

  it('are under 2.25 where there is no root', () => {
    expect(dicomUidsUnder('')()).toMatch(/^2\.25\.\d+$/);
  });

  it.each(['', '1', '3.4', '1.02.3', '1.2.', '.1.2', '1.2.x', `1.2.${'9'.repeat(44)}`])(
    'refuse %s as a root',
    (root) => {
      expect(uidRootSchema.safeParse(root).success).toBe(false);
    },
  );
});
