/**
 * multipart/related bodies, read and written as streams: memory holds a chunk, never a part. Source: RFC 2046 section 5.1, DICOM PS3.18
 * section 8.6.1.2.
 */
export type PartEvent =
  /** Header names in lower case. */
  | { readonly type: 'part'; readonly headers: ReadonlyMap<string, string> }
  | { readonly type: 'data'; readonly chunk: Buffer }
  | { readonly type: 'end' };

const blankLine = Buffer.from('\r\n\r\n');
const longestHead = 64 * 1024;

/** The boundary named in a Content-Type; undefined when it is no multipart. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\//i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

/** The parts of a body in order. Throws a RangeError for a body that ends early or has no parts where they should be. */
export async function* readMultipart(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<PartEvent> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter may stand at the very beginning, without the line break before it.
  let rest: Buffer = Buffer.from('\r\n');
  let state: 'preamble' | 'head' | 'data' | 'done' = 'preamble';
  for await (const chunk of body) {
    if (state === 'done') continue;
    rest = Buffer.concat([rest, chunk]);
    for (let moved = true; moved;) {
      moved = false;
      if (state === 'preamble' || state === 'data') {
        const at = rest.indexOf(delimiter);
        // What may be the beginning of a delimiter is kept back.
        const certain = at < 0 ? Math.max(0, rest.length - delimiter.length) : at;
        if (state === 'data' && certain > 0) yield { type: 'data', chunk: rest.subarray(0, certain) };
        rest = rest.subarray(certain);
        // Two more bytes say whether this was the last part.
        if (at < 0 || rest.length < delimiter.length + 2) continue;
        if (state === 'data') yield { type: 'end' };
        const isLast = rest.subarray(delimiter.length, delimiter.length + 2).toString('latin1') === '--';
        rest = rest.subarray(delimiter.length);
        state = isLast ? 'done' : 'head';
        moved = !isLast;
      } else {
        const at = rest.indexOf(blankLine);
        if (at < 0 && rest.length > longestHead) throw new RangeError('A part has no end of its header.');
        if (at < 0) continue;
        yield { type: 'part', headers: headersOf(rest.subarray(0, at).toString('latin1')) };
        rest = rest.subarray(at + blankLine.length);
        state = 'data';
        moved = true;
      }
    }
  }
  if (state !== 'done') throw new RangeError('The answer ends in the middle of a part.');
}

function headersOf(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
}

/** A body of DICOM files, with its length known before the first is read. */
export function writeMultipart(
  files: readonly { readonly bytes: number; readonly read: () => AsyncIterable<Uint8Array> }[],
  boundary: string,
): { readonly length: number; readonly body: AsyncIterable<Uint8Array> } {
  const head = Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  const lineEnd = Buffer.from('\r\n');
  const tail = Buffer.from(`--${boundary}--\r\n`);
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const { read } of files) {
      yield head;
      yield* read();
      yield lineEnd;
    }
    yield tail;
  }
  const length = files.reduce((sum, { bytes }) => sum + head.length + bytes + lineEnd.length, tail.length);
  return { length, body: body() };
}
