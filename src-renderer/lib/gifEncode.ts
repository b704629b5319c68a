/** Frames → an animated GIF that repeats. All frames share one palette of 256 colours, so that nothing flickers between them. */
import { GIFEncoder, applyPalette, quantize } from 'gifenc/dist/gifenc.esm.js';

export interface GifOptions {
  readonly width: number;
  readonly height: number;
  /** Time a frame stands, ms; GIF counts in steps of 10 ms. */
  readonly delayMs: number;
}

/** Sampled pixels of this many bytes decide the palette. */
const paletteBytes = 2 ** 21;

/** Opaque RGBA frames of equal size → bytes of a GIF 89a. `onFrame` hears how many are written. */
export function encodeGif(
  frames: readonly Uint8ClampedArray[],
  { width, height, delayMs }: GifOptions,
  onFrame: (done: number) => void = () => undefined,
): Uint8Array<ArrayBuffer> {
  const palette = quantize(sample(frames), 256);
  const encoder = GIFEncoder();
  for (const [at, frame] of frames.entries()) {
    const index = applyPalette(frame, palette);
    encoder.writeFrame(index, width, height, { delay: delayMs, ...(at === 0 && { palette, repeat: 0 }) });
    onFrame(at + 1);
  }
  encoder.finish();
  return encoder.bytes();
}

/** Every k-th pixel over all frames. */
function sample(frames: readonly Uint8ClampedArray[]): Uint8Array {
  const pixels = frames.reduce((sum, frame) => sum + frame.length / 4, 0);
  const every = Math.max(1, Math.ceil((pixels * 4) / paletteBytes));
  const taken = new Uint8Array(Math.ceil(pixels / every) * 4);
  let [seen, at] = [0, 0];
  for (const frame of frames) {
    for (let from = 0; from < frame.length; from += 4, seen++) {
      if (seen % every !== 0) continue;
      taken.set(frame.subarray(from, from + 4), at);
      at += 4;
    }
  }
  return taken;
}
