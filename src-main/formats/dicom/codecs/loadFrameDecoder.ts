/**
 * The decoder of each kind of compression, loaded when a file first needs it.
 *
 * Kept decoders: CharLS, OpenJPEG and OpenJPH as WebAssembly, jpeg-lossless-decoder-js. A module that has failed on a damaged
 * stream is not used again: its memory may be in any state.
 */
import type { Codec } from '../transferSyntaxes.ts';
import { decodeJpegSequential } from './decodeJpegSequential.ts';
import { decodeRle } from './decodeRle.ts';
import type { DecodedFrame, FrameDecoder } from './frameDecoder.ts';
import { codestreamInfo } from './codestreamInfo.ts';

/** Options of a module that prints nothing; each needs its own, which becomes the module. */
const silent = (): WasmOptions => ({ print: () => undefined, printErr: () => undefined });

const loaders: Readonly<Record<Codec, () => Promise<FrameDecoder>>> = {
  rle: () => Promise.resolve(decodeRle),
  jpegSequential: () => Promise.resolve(decodeJpegSequential),
  jpegLossless: async () => {
    const { Decoder } = await import('jpeg-lossless-decoder-js');
    return (stream) => {
      const { precision } = infoOf(stream);
      const { buffer, byteOffset, length } = stream;
      const words = new Decoder().decode(buffer, byteOffset, length, precision > 8 ? 2 : 1);
      return { words, precision };
    };
  },
  jpegLs: async () => {
    const { default: load } = await import('@cornerstonejs/codec-charls/decodewasmjs');
    const { JpegLSDecoder } = await load(silent());
    return (stream) => decodeWith(new JpegLSDecoder(), stream);
  },
  jpeg2000: async () => {
    const { default: load } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
    const { J2KDecoder } = await load(silent());
    return (stream) => decodeWith(new J2KDecoder(), stream);
  },
  htj2k: async () => {
    const { default: load } = await import('@cornerstonejs/codec-openjph/wasmjs');
    const { HTJ2KDecoder } = await load(silent());
    return (stream) => decodeWith(new HTJ2KDecoder(), stream);
  },
};

const loaded = new Map<Codec, Promise<FrameDecoder>>();

/** The decoder for `codec`. It throws whatever it meets in a damaged stream, and is then loaded anew. */
export async function loadFrameDecoder(codec: Codec): Promise<FrameDecoder> {
  const pending = loaded.get(codec) ?? loaders[codec]();
  loaded.set(codec, pending);
  const decode = await pending;
  return (stream, shape) => {
    try {
      return decode(stream, shape);
    } catch (error) {
      loaded.delete(codec);
      throw error;
    }
  };
}

function decodeWith(decoder: WasmDecoder, stream: Uint8Array): DecodedFrame {
  const { precision, signed } = infoOf(stream);
  decoder.getEncodedBuffer(stream.length).set(stream);
  decoder.decode();
  const bytes = decoder.getDecodedBuffer().slice();
  decoder.delete();
  if (precision <= 8) return { words: bytes, precision };
  const words = bytes.length >> 1;
  return {
    words: signed ? new Int16Array(bytes.buffer, 0, words) : new Uint16Array(bytes.buffer, 0, words),
    precision,
  };
}

function infoOf(stream: Uint8Array): { precision: number; signed: boolean } {
  const info = codestreamInfo(stream);
  if (info === undefined) throw new RangeError('it has no frame header');
  return info;
}
