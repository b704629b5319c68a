/** A node that speaks DICOMweb: QIDO-RS, WADO-RS, STOW-RS. Source: DICOM PS3.18 sections 10.4 to 10.6. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import type { PacsQuery } from '../../../api/contract/network.ts';
import { AppError } from '../../../shared/appError.ts';
import { writeAtomically } from '../../../workflows/files/writeAtomically.ts';
import { dateRange } from '../dicomDates.ts';
import { fileMetaOf } from '../fileMetaOf.ts';
import { defaultFindLimit } from '../findLimit.ts';
import type { PacsClient, PacsOptions } from '../pacsClient.ts';
import { toConnectionError } from '../pacsErrors.ts';
import type { WebNode } from '../pacsNode.ts';
import { dicomJsonSchema, seriesOfJson, storeAnswerOf, studyOfJson, type StoreAnswer } from './dicomJson.ts';
import { boundaryOf, readMultipart, writeMultipart, type PartEvent } from './multipart.ts';
import { webRequest } from './webRequest.ts';

const jsonType = 'application/dicom+json';
const dicomParts = 'multipart/related; type="application/dicom"';
/** Search answers beyond this are cut off by the service's own limit long before. */
const longestAnswer = 64 << 20;
/** Attributes to be returned besides those that always are (PS3.18 table 10.6.3-3). */
const included = ['00081030', '00201206', '00201208'];

/** `secret`: the password or token that `node.auth` asks for. */
export function createWebClient(node: WebNode, secret: string): PacsClient {
  const failed = (reason: string, cause?: unknown): AppError =>
    new AppError('PACS_FAILED', { node: node.name, reason }, { cause });

  /** An empty answer (204: nothing found) is an empty list. */
  const readJson = async (response: IncomingMessage, signal: AbortSignal | undefined): Promise<unknown> => {
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > longestAnswer) throw failed('its answer is too long');
        chunks.push(chunk);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw toConnectionError(error, node.name);
    }
    const text = Buffer.concat(chunks).toString('utf8').trim();
    try {
      return text === '' ? [] : JSON.parse(text);
    } catch {
      throw failed('its answer is no JSON');
    }
  };

  const search = async (
    path: string,
    parameters: readonly (readonly [string, string])[],
    { signal }: PacsOptions,
  ): Promise<z.infer<typeof dicomJsonSchema>[]> => {
    const query = new URLSearchParams(
      parameters.filter(([, value]) => value !== '').map(([...pair]) => pair),
    );
    const response = await webRequest(node, secret, {
      method: 'GET',
      path: `${path}?${query.toString()}`,
      headers: { Accept: jsonType },
      signal,
    });
    const parsed = z.array(dicomJsonSchema).safeParse(await readJson(response, signal));
    if (!parsed.success) throw failed('its answer is no DICOM JSON');
    return parsed.data;
  };

  return {
    async echo(options = {}) {
      await search('studies', [['limit', '1']], options);
    },

    async findStudies(query: PacsQuery, options = {}) {
      const limit = query.limit ?? defaultFindLimit;
      const found = await search(
        'studies',
        [
          ['PatientName', query.patientName ?? ''],
          ['PatientID', query.patientId ?? ''],
          ['AccessionNumber', query.accessionNumber ?? ''],
          ['ModalitiesInStudy', query.modality ?? ''],
          ['StudyDate', dateRange(query)],
          // One more than wanted tells that there are more.
          ['limit', String(limit + 1)],
          ...included.map((tag) => ['includefield', tag] as const),
        ],
        options,
      );
      return { studies: found.slice(0, limit).map(studyOfJson), truncated: found.length > limit };
    },

    async findSeries(studyInstanceUid, options = {}) {
      const path = `studies/${encodeURIComponent(studyInstanceUid)}/series`;
      const parameters = [
        ['limit', String(defaultFindLimit)],
        ['includefield', '00201209'],
      ] as const;
      return (await search(path, parameters, options)).map((found) => seriesOfJson(found, studyInstanceUid));
    },

    async retrieve({ studyInstanceUid, seriesInstanceUid }, folder, { signal, onProgress } = {}) {
      const study = `studies/${encodeURIComponent(studyInstanceUid)}`;
      const series =
        seriesInstanceUid === undefined ? '' : `/series/${encodeURIComponent(seriesInstanceUid)}`;
      const response = await webRequest(node, secret, {
        method: 'GET',
        path: `${study}${series}`,
        // As it is stored; otherwise services convert to Explicit VR Little Endian.
        headers: { Accept: `${dicomParts}; transfer-syntax=*` },
        signal,
      });
      const boundary = boundaryOf(response.headers['content-type'] ?? '');
      if (boundary === undefined) {
        response.destroy();
        throw failed('its answer holds no images');
      }
      let count = 0;
      const parts = readMultipart(response, boundary);
      try {
        for (let event = await parts.next(); !event.done; event = await parts.next()) {
          if (event.value.type !== 'part') continue;
          const file = join(folder, `${String(count + 1).padStart(6, '0')}.dcm`);
          await writeAtomically(file, dataOf(parts));
          count++;
          // How many there will be is not said beforehand.
          onProgress?.({ step: 'retrieve', done: count, total: count + 1 });
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw error instanceof RangeError
          ? failed('its answer breaks off', error)
          : toConnectionError(error, node.name);
      } finally {
        response.destroy();
      }
      return count;
    },

    async send(files, { signal, onProgress } = {}) {
      const metas = await Promise.all(files.map((path) => fileMetaOf(path)));
      let sent = 0;
      const parts = await Promise.all(
        files.map(async (path) => ({
          bytes: (await stat(path)).size,
          async *read(): AsyncGenerator<Uint8Array> {
            yield* createReadStream(path) as AsyncIterable<Uint8Array>;
            // Sent is not yet kept: the last step is the service's answer.
            onProgress?.({ step: 'send', done: sent++, total: files.length });
          },
        })),
      );
      const boundary = `ilium-${randomUUID()}`;
      const { body, length } = writeMultipart(parts, boundary);
      const response = await webRequest(node, secret, {
        method: 'POST',
        path: 'studies',
        headers: {
          'Content-Type': `${dicomParts}; boundary=${boundary}`,
          'Content-Length': length,
          Accept: jsonType,
        },
        body,
        signal,
      });
      const answer = storeAnswerOf(await readJson(response, signal));
      const unnamed = metas.filter(({ sopInstanceUid }) => !answer.kept.has(sopInstanceUid)).length;
      const missing = Math.max(unnamed, answer.failures);
      if (missing > 0) throw failed(notStored(missing, files.length, answer));
      onProgress?.({ step: 'send', done: files.length, total: files.length });
    },
  };
}

/** The bytes of the part at hand. */
async function* dataOf(parts: AsyncGenerator<PartEvent>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const event = await parts.next();
    if (event.done || event.value.type === 'end') return;
    if (event.value.type === 'data') yield event.value.chunk;
  }
}

/** Words for an answer that does not acknowledge everything; reasons are numbers of PS3.18 table I.2-2. */
function notStored(missing: number, all: number, { failures, failureReason }: StoreAnswer): string {
  const status = failureReason === null ? '' : `0x${failureReason.toString(16).padStart(4, '0')}`;
  const reason =
    failures === 0
      ? `it does not acknowledge ${missing} of ${all} images`
      : status === ''
        ? `${missing} of ${all} images were not stored`
        : `${missing} of ${all} images were not stored (status ${status})`;
  return reason;
}
