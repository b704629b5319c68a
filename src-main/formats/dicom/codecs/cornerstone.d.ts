/** The parts of the codec packages that are used here; they carry no types. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  /** A view of the module's memory, valid until the next call. */
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}
interface WasmOptions {
  print(text: string): void;
  printErr(text: string): void;
}
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: (options: WasmOptions) => Promise<{ JpegLSDecoder: new () => WasmDecoder }>;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: (options: WasmOptions) => Promise<{ J2KDecoder: new () => WasmDecoder }>;
  export default load;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const load: (options: WasmOptions) => Promise<{ HTJ2KDecoder: new () => WasmDecoder }>;
  export default load;
}
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(
      buffer: ArrayBufferLike,
      offset: number,
      length: number,
      bytesPerSample: 1 | 2,
    ): Uint8Array | Uint16Array;
  }
}
