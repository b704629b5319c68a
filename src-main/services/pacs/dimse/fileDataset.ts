/**
 * A DICOM file as dcmjs-dimse sends it: its data set's bytes as they lie in the file, read when their turn comes. Only a peer that takes
 * no syntax but another uncompressed one gets them written anew, by dcmjs, which loses private elements.
 */
import { readFileSync } from 'node:fs';
import type { FileMeta } from '../../../formats/dicom/fileMeta.ts';
import { explicitLittleEndian, implicitLittleEndian } from '../../../formats/dicom/transferSyntaxes.ts';
import { fileMetaOf } from '../fileMetaOf.ts';
import { dimse } from './dimseLibrary.ts';

const convertible: readonly string[] = [explicitLittleEndian, implicitLittleEndian];

export class FileDataset extends dimse.Dataset {
  readonly path: string;
  readonly meta: FileMeta;
  readonly #dataSetOffset: number;

  private constructor(path: string, { dataSetOffset, ...meta }: FileMeta & { dataSetOffset: number }) {
    super({ SOPClassUID: meta.sopClassUid, SOPInstanceUID: meta.sopInstanceUid }, meta.transferSyntaxUid);
    this.path = path;
    this.meta = meta;
    this.#dataSetOffset = dataSetOffset;
  }

  /** Throws NOT_DICOM for a file without meta information, and system errors. */
  static async open(path: string): Promise<FileDataset> {
    return new FileDataset(path, await fileMetaOf(path));
  }

  /** The syntaxes to propose for it, its own first. */
  get syntaxes(): readonly string[] {
    const own = this.meta.transferSyntaxUid;
    return convertible.includes(own) ? [own, ...convertible.filter((uid) => uid !== own)] : [own];
  }

  override getDenaturalizedDataset(): Buffer {
    const wanted = this.getTransferSyntaxUid();
    if (wanted === this.meta.transferSyntaxUid) return readFileSync(this.path).subarray(this.#dataSetOffset);
    const parsed = dimse.Dataset.fromFile(this.path) ?? new dimse.Dataset();
    parsed.setTransferSyntaxUid(wanted);
    return parsed.getDenaturalizedDataset();
  }
}
