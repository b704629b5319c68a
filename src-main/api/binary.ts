/** Bytes as a response, with their length. */
export function binary(
  bytes: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(bytes, {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(bytes.byteLength),
      ...headers,
    },
  });
}
