/**
 * The receiving half of DIMSE's C-STORE, for a server and for a client that asks by C-GET: every instance is spooled to a file and handed
 * over; only then it is acknowledged.
 *
 * Source: DICOM PS3.7 section 9.1.1 and annex C, PS3.4 annex B.2.3 (status codes). dcmjs-dimse would parse an instance, drop its private
 * elements and write it anew; its hooks for the stream are used here instead.
 */
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { association, Dataset, requests, responses } from 'dcmjs-dimse';
import { AppError } from '../../../shared/appError.ts';
import { dimse } from './dimseLibrary.ts';
import { openInstanceSpool, type InstanceSpool } from './instanceSpool.ts';

export interface IncomingInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly senderAeTitle: string;
  /** The whole file under a temporary name; whoever is handed it renames or removes it. */
  readonly path: string;
}

export interface InstanceSink {
  /** Where files are spooled; must be on the file system of their final place. */
  readonly folder: string;
  /** Takes a file over. What it throws is answered with the status it stands for. */
  take(instance: IncomingInstance): Promise<void>;
}

/** Limits in milliseconds. */
export interface NetworkLimits {
  readonly connectTimeout: number;
  readonly associationTimeout: number;
  /** Longest silence while an answer is awaited. */
  readonly pduTimeout: number;
}

/** C-STORE answers: out of resources, cannot understand (PS3.4 table B.2-1); invalid object instance (PS3.7 annex C). */
const storeStatus = { outOfResources: 0xa700, cannotUnderstand: 0xc000, invalidInstance: 0x0117 } as const;

const uidPattern = /^[0-9][0-9.]{0,63}$/;

export class StorageScp extends dimse.Scp {
  declare readonly socket: Socket;
  declare readonly association: association.Association;
  readonly #sink: InstanceSink | undefined;
  #arriving: { readonly spool: InstanceSpool; readonly instance: Omit<IncomingInstance, 'path'> } | undefined;
  #status: number = storeStatus.cannotUnderstand;

  constructor(socket: Socket, limits: NetworkLimits, sink?: InstanceSink) {
    super(socket, { ...limits });
    this.#sink = sink;
    socket.once('close', () => void this.#arriving?.spool.discard());
  }

  override createStoreWritableStream(
    context: association.PresentationContext,
    request: requests.CStoreRequest,
  ): Writable {
    const sopInstanceUid = request.getAffectedSopInstanceUid();
    const sopClassUid = request.getAffectedSopClassUid();
    if (!this.#sink || !uidPattern.test(sopInstanceUid) || !uidPattern.test(sopClassUid)) {
      return new Writable({ write: (_chunk, _encoding, done) => done() });
    }
    const transferSyntaxUid = context.getAcceptedTransferSyntaxUid() ?? '';
    const meta = { sopClassUid, sopInstanceUid, transferSyntaxUid };
    const spool = openInstanceSpool(join(this.#sink.folder, 'instance'), meta, this.senderAeTitle());
    this.#arriving = { spool, instance: { ...meta, senderAeTitle: this.senderAeTitle() } };
    return spool.stream;
  }

  override createDatasetFromStoreWritableStream(
    _writable: Writable,
    context: association.PresentationContext,
    callback: (dataset: Dataset) => void,
  ): void {
    void this.#settle().then((status) => {
      this.#status = status;
      callback(new dimse.Dataset({}, context.getAcceptedTransferSyntaxUid()));
    });
  }

  override cStoreRequest(
    request: requests.CStoreRequest,
    callback: (response: responses.CStoreResponse) => void,
  ): void {
    const response = dimse.responses.CStoreResponse.fromRequest(request);
    response.setStatus(this.#status);
    callback(response);
  }

  /** Who sends instances over this connection. */
  protected senderAeTitle(): string {
    return this.association.getCallingAeTitle().trim();
  }

  async #settle(): Promise<number> {
    const arrived = this.#arriving;
    this.#arriving = undefined;
    if (!arrived || !this.#sink) return storeStatus.invalidInstance;
    const { spool, instance } = arrived;
    try {
      await this.#sink.take({ ...instance, path: await spool.finish() });
      return dimse.constants.Status.Success;
    } catch (error) {
      await spool.discard();
      return statusOf(error);
    }
  }
}

/** A disk that is full or cannot be written is our lack; anything else is about the instance. */
function statusOf(error: unknown): number {
  if (!(error instanceof AppError)) return dimse.constants.Status.ProcessingFailure;
  const isOurs = error.code === 'DISK_FULL' || error.code === 'WRITE_FAILED';
  return isOurs ? storeStatus.outOfResources : storeStatus.cannotUnderstand;
}
