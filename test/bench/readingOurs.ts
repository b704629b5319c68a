/** Our side of the reading bench, a child process of readingBench.ts: `index` and `load` of a folder of DICOM files. */
import { groupSeries } from '../../src-main/formats/dicom/groupSeries.ts';
import { loadStudyVolume } from '../../src-main/services/importer/loadStudyVolume.ts';
import { openImportFiles } from '../../src-main/services/importer/openImportFiles.ts';
import { scanImages } from '../../src-main/services/importer/scanImages.ts';
import { serveRuns, type Run } from './serveRuns.ts';

interface Place {
  readonly folder: string;
  readonly count: number;
}

const prepared = (run: Run) => Promise.resolve({ run, versions: { node: process.version } });

const index = ({ folder, count }: Place) =>
  prepared(async () => {
    const { headers } = await scanImages(await openImportFiles([folder]));
    groupSeries(headers);
    if (headers.length !== count) throw new Error(`${headers.length} headers`);
  });

const load = ({ folder, count }: Place) =>
  prepared(async () => {
    const { volume } = await loadStudyVolume(folder, { modality: 'CT' });
    if (volume.grid.size[2] !== count) throw new Error(`${volume.grid.size[2]} slices`);
  });

await serveRuns<Place, 'index' | 'load'>({ index, load });
