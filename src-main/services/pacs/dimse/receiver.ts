/**
 * The storage receiver: a port that takes images from those who may send them, and answers C-ECHO. Peers that break off, send garbage or
 * never come to an end are dropped without harm to others.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { association, requests, responses } from 'dcmjs-dimse';
import { transferSyntaxes, explicitLittleEndian } from '../../../formats/dicom/transferSyntaxes.ts';
import { AppError } from '../../../shared/appError.ts';
import { systemCode } from '../../../workflows/files/toWriteError.ts';
import { dimse } from './dimseLibrary.ts';
import { createPduGuard } from './pduGuard.ts';
import { StorageScp, type InstanceSink, type NetworkLimits } from './storageScp.ts';

export interface ReceiverOptions {
  readonly aeTitle: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly sink: InstanceSink;
  /** AE titles that may send; absent: anyone who can connect. */
  readonly callers?: readonly string[] | undefined;
}

export interface Receiver {
  readonly port: number;
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>;
}

const limits: NetworkLimits = { connectTimeout: 120_000, associationTimeout: 30_000, pduTimeout: 120_000 };
const mostConnections = 32;

const { Accept, RejectAbstractSyntaxNotSupported, RejectTransferSyntaxesNotSupported } =
  dimse.constants.PresentationContextResult;
const { RejectReason, RejectResult, RejectSource, SopClass } = dimse.constants;
/** Storage SOP classes of images, structures, doses and the like (DICOM PS3.4 annex B.5). */
const storageClasses = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\./;

/** Starts listening. Throws RECEIVER_FAILED when the port cannot be used. */
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { host, port } = options;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new ReceiverScp(socket, options);
  });
  server.maxConnections = mostConnections;
  server.listen({ port, host });
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = systemCode(error) ?? String(error);
    throw new AppError('RECEIVER_FAILED', { place: `${host}:${port}`, reason }, { cause: error });
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

class ReceiverScp extends StorageScp {
  readonly #options: Pick<ReceiverOptions, 'aeTitle' | 'callers'>;
  declare connected: boolean;
  declare connectedTime: number;

  constructor(socket: Socket, options: ReceiverOptions) {
    super(socket, limits, options.sink);
    this.#options = options;
    // The library marks a connection of its own server so; without it no limit of time holds.
    this.connected = true;
    this.connectedTime = Date.now();
    const isInOrder = createPduGuard();
    socket.on('data', (chunk: Buffer) => {
      if (!isInOrder(chunk)) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    this.on('networkError', () => socket.destroy());
  }

  override associationRequested(wanted: association.Association): void {
    const { aeTitle, callers } = this.#options;
    const caller = wanted.getCallingAeTitle().trim();
    const isOurs = wanted.getCalledAeTitle().trim() === aeTitle;
    if (!isOurs || (callers && !callers.includes(caller))) {
      const reason = isOurs ? RejectReason.CallingAeNotRecognized : RejectReason.CalledAeNotRecognized;
      this.sendAssociationReject(RejectResult.Permanent, RejectSource.ServiceUser, reason);
      return;
    }
    for (const { context } of wanted.getPresentationContexts()) answer(context);
    this.sendAssociationAccept();
  }

  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse();
  }

  override cEchoRequest(
    request: requests.CEchoRequest,
    callback: (response: responses.CEchoResponse) => void,
  ): void {
    const response = dimse.responses.CEchoResponse.fromRequest(request);
    response.setStatus(dimse.constants.Status.Success);
    callback(response);
  }

  override abort(): void {
    this.socket.destroy();
  }
}

/** Takes a context in the first of the sender's syntaxes that can be read here, Explicit VR Little Endian before others. */
function answer(context: association.PresentationContext): void {
  const wanted = context.getAbstractSyntaxUid();
  if (wanted !== SopClass.Verification && !storageClasses.test(wanted)) {
    context.setResult(RejectAbstractSyntaxNotSupported);
    return;
  }
  const offered = context.getTransferSyntaxUids();
  const readable = offered.filter((uid) => transferSyntaxes.has(uid));
  const chosen = readable.includes(explicitLittleEndian) ? explicitLittleEndian : readable[0];
  if (chosen === undefined) context.setResult(RejectTransferSyntaxesNotSupported);
  else context.setResult(Accept, chosen);
}
