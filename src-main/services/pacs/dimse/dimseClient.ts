/**
 * A node that speaks DIMSE: C-ECHO, C-FIND, C-GET or C-MOVE, C-STORE. Source: DICOM PS3.4 annexes A to C (Study Root), PS3.7 section 9.1.
 */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { association, requests as requestTypes, responses } from 'dcmjs-dimse';
import type { PacsQuery } from '../../../api/contract/network.ts';
import { AppError } from '../../../shared/appError.ts';
import type { DimseNode, LocalEntity } from '../pacsNode.ts';
import type { PacsClient, PacsOptions, PacsTarget } from '../pacsClient.ts';
import { defaultFindLimit } from '../findLimit.ts';
import { associate, type AssociateOptions } from './associate.ts';
import { dimse } from './dimseLibrary.ts';
import { FileDataset } from './fileDataset.ts';
import { seriesOf, studyIdentifier, studyOf, type Identifier } from './identifiers.ts';
import { openReceiver } from './receiver.ts';
import type { InstanceSink } from './storageScp.ts';

const { CEchoRequest, CFindRequest, CGetRequest, CMoveRequest, CStoreRequest } = dimse.requests;
const { Status } = dimse.constants;
/** An archive may fetch from tape before it says anything. */
const retrieveLimits = { pduTimeout: 10 * 60_000 };
const moveDestinationUnknown = 0xa801;

export function createDimseClient(node: DimseNode, local: LocalEntity): PacsClient {
  const failed = (reason: string): AppError => new AppError('PACS_FAILED', { node: node.name, reason });
  const run = (
    requests: readonly requestTypes.Request[],
    { signal }: PacsOptions,
    more: Partial<AssociateOptions> = {},
  ): Promise<void> => associate(node, requests, { callingAeTitle: local.aeTitle, signal, ...more });

  const find = async (
    request: requestTypes.CFindRequest,
    limit: number,
    { signal, ...options }: PacsOptions,
  ): Promise<{ found: Identifier[]; truncated: boolean }> => {
    const found: Identifier[] = [];
    const enough = new AbortController();
    let status: number | undefined;
    request.on('response', (response: responses.CFindResponse) => {
      status = response.getStatus();
      const identifier = response.getDataset()?.getElements();
      if (identifier && found.length < limit) found.push(identifier);
      else if (identifier) enough.abort();
    });
    const stop = signal ? AbortSignal.any([signal, enough.signal]) : enough.signal;
    try {
      await run([request], { ...options, signal: stop });
    } catch (error) {
      if (!enough.signal.aborted || signal?.aborted) throw error;
      return { found, truncated: true };
    }
    if (!enough.signal.aborted && status !== Status.Success)
      throw failed(`the search ended with status ${hexadecimal(status)}`);
    return { found, truncated: enough.signal.aborted };
  };

  const get = async (target: PacsTarget, sink: InstanceSink, options: PacsOptions): Promise<void> => {
    const { studyInstanceUid: study, seriesInstanceUid: series } = target;
    const request =
      series === undefined
        ? CGetRequest.createStudyGetRequest(study)
        : CGetRequest.createSeriesGetRequest(study, series);
    request.setAddStorageSopClassesToAssociation(true);
    const outcome = followRetrieve(request, options);
    await run([request], options, { sink, limits: retrieveLimits });
    outcome.check(failed);
  };

  const move = async (target: PacsTarget, sink: InstanceSink, options: PacsOptions): Promise<void> => {
    const { studyInstanceUid: study, seriesInstanceUid: series } = target;
    const { aeTitle } = local;
    const request =
      series === undefined
        ? CMoveRequest.createStudyMoveRequest(aeTitle, study)
        : CMoveRequest.createSeriesMoveRequest(aeTitle, study, series);
    const outcome = followRetrieve(request, options);
    const receiver = await openReceiver({ ...local, sink });
    try {
      await run([request], options, { limits: retrieveLimits });
    } finally {
      await receiver.close();
    }
    if (outcome.status === moveDestinationUnknown) throw failed(`it does not know where ${aeTitle} is`);
    outcome.check(failed);
  };

  return {
    async echo(options = {}) {
      const request = new CEchoRequest();
      let status: number | undefined;
      request.on('response', (response: responses.CEchoResponse) => (status = response.getStatus()));
      await run([request], options);
      if (status !== Status.Success) throw failed(`it answers with status ${hexadecimal(status)}`);
    },

    async findStudies(query: PacsQuery, options = {}) {
      const request = CFindRequest.createStudyFindRequest(studyIdentifier(query));
      const { found, truncated } = await find(request, query.limit ?? defaultFindLimit, options);
      return { studies: found.map(studyOf), truncated };
    },

    async findSeries(studyInstanceUid, options = {}) {
      const request = CFindRequest.createSeriesFindRequest({ StudyInstanceUID: studyInstanceUid });
      const { found } = await find(request, defaultFindLimit, options);
      return found.map((identifier) => seriesOf(identifier, studyInstanceUid));
    },

    async retrieve(target, folder, options = {}) {
      const files = new Set<string>();
      const sink: InstanceSink = {
        folder,
        async take({ path, sopInstanceUid }) {
          const file = join(folder, `${sopInstanceUid}.dcm`);
          await rename(path, file);
          files.add(file);
        },
      };
      await (node.retrieve === 'get' ? get : move)(target, sink, options);
      return files.size;
    },

    async send(files, options = {}) {
      const datasets = await Promise.all(files.map((file) => FileDataset.open(file)));
      let done = 0;
      let refusal: number | undefined;
      const requests = datasets.map((dataset) => {
        const request = new CStoreRequest(dataset);
        request.on('response', (response: responses.CStoreResponse) => {
          const status = response.getStatus();
          if (!isStored(status)) {
            refusal ??= status;
            return;
          }
          done++;
          options.onProgress?.({ step: 'send', done, total: files.length });
        });
        return request;
      });
      await run(requests, options, {
        propose: (proposal) => proposeStorage(proposal, datasets),
        onAccepted: (agreed) => agreeOnSyntaxes(agreed, requests, datasets, node.name),
      });
      if (done < files.length) {
        const [count, status] = [files.length - done, hexadecimal(refusal)];
        throw failed(`${count} of ${files.length} images were not stored (status ${status})`);
      }
    },
  };
}

/** Success and the warnings that still mean that the instance is kept (0xB000, coercion of elements and the like; PS3.4 table B.2-1). */
const isStored = (status: number): boolean => status === Status.Success || (status & 0xf000) === 0xb000;

const hexadecimal = (status: number | undefined): string =>
  status === undefined ? 'none' : `0x${status.toString(16).padStart(4, '0')}`;

/** Every pair of class and syntax is a context of its own, so that a peer cannot choose to have a file converted that it would take as it is. */
function proposeStorage(proposal: association.Association, datasets: readonly FileDataset[]): void {
  const pairs = new Set(
    datasets.flatMap(({ meta, syntaxes }) => syntaxes.map((syntax) => `${meta.sopClassUid} ${syntax}`)),
  );
  for (const pair of pairs) {
    const [sopClass = '', syntax = ''] = pair.split(' ');
    proposal.addTransferSyntaxToPresentationContext(proposal.addPresentationContext(sopClass), syntax);
  }
}

function agreeOnSyntaxes(
  agreed: association.Association,
  requests: readonly requestTypes.CStoreRequest[],
  datasets: readonly FileDataset[],
  node: string,
): void {
  for (const [at, request] of requests.entries()) {
    const dataset = datasets[at];
    const syntax = agreed.getAcceptedPresentationContextFromRequest(request)?.getAcceptedTransferSyntaxUid();
    if (syntax === undefined || !dataset?.syntaxes.includes(syntax)) {
      throw new AppError('PACS_REFUSED', { node, reason: 'it does not take this kind of image' });
    }
    dataset.setTransferSyntaxUid(syntax);
  }
}

/** Listens to the answers of a C-GET or C-MOVE. */
function followRetrieve(
  request: requestTypes.CGetRequest | requestTypes.CMoveRequest,
  { onProgress }: PacsOptions,
): { readonly status: number | undefined; check(failed: (reason: string) => AppError): void } {
  const last = { status: undefined as number | undefined, failures: 0 };
  request.on('response', (response: responses.CGetResponse | responses.CMoveResponse) => {
    last.status = response.getStatus();
    last.failures = response.getFailures() || 0;
    const done = (response.getCompleted() || 0) + last.failures;
    const total = done + (response.getRemaining() || 0);
    if (total > 0) onProgress?.({ step: 'retrieve', done, total });
  });
  return {
    get status() {
      return last.status;
    },
    check(failed) {
      if (last.failures > 0) throw failed(`${last.failures} images could not be fetched`);
      if (last.status !== Status.Success)
        throw failed(`fetching ended with status ${hexadecimal(last.status)}`);
    },
  };
}
