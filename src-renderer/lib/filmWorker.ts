/** Draws and encodes a film off the window's thread: drawing is the first half of the work, encoding the second. */
import type { FilmAnswer, FilmOrder } from './filmExport.ts';
import { drawSheet, sheetLayout } from './filmSheet.ts';
import { zipPictures, type FilmPicture } from './filmZip.ts';
import { encodeGif } from './gifEncode.ts';

function say(answer: FilmAnswer, transfer: Transferable[] = []): void {
  postMessage(answer, { transfer });
}

async function make({ format, sheet, frames, delayMs }: FilmOrder): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = sheetLayout(sheet);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('This browser cannot draw in a worker.');
  const total = 2 * frames.length;
  const drawn: Uint8ClampedArray[] = [];
  const pictures: FilmPicture[] = [];
  for (const [at, frame] of frames.entries()) {
    drawSheet(context, sheet, frame);
    if (format === 'gif') drawn.push(context.getImageData(0, 0, width, height).data);
    else {
      const blob = await canvas.convertToBlob({ type: 'image/png' });
      pictures.push({ epoch: frame.epoch, png: new Uint8Array(await blob.arrayBuffer()) });
    }
    say({ type: 'progress', done: format === 'gif' ? at + 1 : 2 * (at + 1), total });
  }
  if (format === 'png') return zipPictures(pictures);
  return encodeGif(drawn, { width, height, delayMs }, (done) => {
    say({ type: 'progress', done: frames.length + done, total });
  });
}

addEventListener('message', (event: MessageEvent<FilmOrder>) => {
  make(event.data).then(
    (bytes) => say({ type: 'done', bytes }, [bytes.buffer]),
    (error: unknown) =>
      say({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});
