/**
 * One association as the one who asks: connects, negotiates, sends requests one after the other, releases. Everything that goes wrong is
 * one AppError; a connection is closed in whichever way it ends.
 *
 * Source: DICOM PS3.8 (upper layer), PS3.7 (messages).
 */
import { connect } from 'node:net';
import type { association, requests as requestTypes } from 'dcmjs-dimse';
import { AppError } from '../../../shared/appError.ts';
import type { DimseNode } from '../pacsNode.ts';
import { toConnectionError } from '../pacsErrors.ts';
import { dimse } from './dimseLibrary.ts';
import { StorageScp, type InstanceSink, type NetworkLimits } from './storageScp.ts';

export interface AssociateOptions {
  /** What we are called. */
  readonly callingAeTitle: string;
  readonly signal?: AbortSignal | undefined;
  /** Where instances go that come back over this association (C-GET). */
  readonly sink?: InstanceSink;
  readonly limits?: Partial<NetworkLimits>;
  /** Proposes presentation contexts; absent: those that each request needs, uncompressed. */
  readonly propose?: (proposal: association.Association) => void;
  /** Looks at what was agreed upon before anything is sent; may throw. */
  readonly onAccepted?: (agreed: association.Association) => void;
}

const defaultLimits: NetworkLimits = {
  connectTimeout: 10_000,
  associationTimeout: 30_000,
  pduTimeout: 60_000,
};
const uncompressed = [
  dimse.constants.TransferSyntax.ExplicitVRLittleEndian,
  dimse.constants.TransferSyntax.ImplicitVRLittleEndian,
];

/** Reasons of a rejected association, by its source and number (DICOM PS3.8 table 9-21). */
const rejections: Readonly<Record<string, string>> = {
  '1.3': 'it does not know our AE title {ours}',
  '1.7': 'it is not called {theirs}',
  '3.1': 'it is busy',
  '3.2': 'it has too many connections',
};

/**
 * Sends `requests` to `node`; their own listeners hear the answers. Resolves when the association was released. Throws PACS_UNREACHABLE,
 * PACS_REFUSED, PACS_TIMEOUT, PACS_FAILED, an AbortError, or what `onAccepted` throws.
 */
export function associate(
  node: DimseNode,
  requests: readonly requestTypes.Request[],
  options: AssociateOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { signal, callingAeTitle } = options;
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const limits = { ...defaultLimits, ...options.limits };
    const socket = connect({ host: node.host, port: node.port });
    const scu = new Requester(socket, limits, options.sink);
    let isOver = false;
    const end = (error?: Error): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(connecting);
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) resolve();
      else reject(error);
      socket.destroy();
    };
    const failed = (reason: string): AppError => new AppError('PACS_FAILED', { node: node.name, reason });
    const timedOut = (): AppError => new AppError('PACS_TIMEOUT', { node: node.name });
    const onAbort = (): void => {
      // The peer learns that nobody waits any more; whatever it still sends is not read.
      if (scu.isAssociated) scu.sendAbort();
      end(abortError(signal));
    };
    const connecting = setTimeout(() => end(timedOut()), limits.connectTimeout);
    signal?.addEventListener('abort', onAbort, { once: true });

    socket.once('error', (error) => end(toConnectionError(error, node.name)));
    socket.once('close', () => end(failed('it broke the connection off')));
    scu.on('networkError', (error: Error) =>
      end(/timeout/i.test(error.message) ? timedOut() : toConnectionError(error, node.name)),
    );
    scu.on('connect', () => {
      clearTimeout(connecting);
      // From here on the limits of the association hold: an archive may be silent while it looks.
      socket.setTimeout(0);
      const proposal = new dimse.association.Association(callingAeTitle, node.aeTitle);
      if (options.propose) options.propose(proposal);
      else for (const request of requests) proposal.addPresentationContextFromRequest(request, uncompressed);
      scu.sendAssociationRequest(proposal);
    });
    scu.on('associationAccepted', (agreed: association.Association) => {
      scu.isAssociated = true;
      try {
        options.onAccepted?.(agreed);
        // The library would leave out in silence what no context was accepted for.
        const lacking = requests.find(
          (request) => !agreed.getAcceptedPresentationContextFromRequest(request),
        );
        if (lacking)
          throw new AppError('PACS_REFUSED', { node: node.name, reason: 'it does not offer this service' });
        scu.sendRequests([...requests]);
      } catch (error) {
        scu.sendAbort();
        end(toConnectionError(error, node.name));
      }
    });
    scu.on('associationRejected', ({ source, reason }: { source: number; reason: number }) => {
      const template = rejections[`${source}.${reason}`] ?? 'it rejects the association';
      const text = template.replace('{ours}', callingAeTitle).replace('{theirs}', node.aeTitle);
      end(new AppError('PACS_REFUSED', { node: node.name, reason: text }));
    });
    scu.on('abort', () => end(failed('it broke the association off')));
    scu.on('done', () => scu.sendAssociationReleaseRequest());
    scu.on('associationReleaseResponse', () => end());
  });
}

class Requester extends StorageScp {
  isAssociated = false;

  protected override senderAeTitle(): string {
    return this.association.getCalledAeTitle().trim();
  }

  /** The listener of the association says what it means. */
  override abort(): void {
    this.isAssociated = false;
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException('The request was stopped.', 'AbortError');
}
