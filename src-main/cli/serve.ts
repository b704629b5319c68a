/** `ilium serve`: the app in a browser. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { startServer } from '../server.ts';
import { createServices } from '../services/createServices.ts';
import { AppError } from '../shared/appError.ts';
import { fileExists } from '../workflows/files/fileExists.ts';
import type { CommandContext, CommandSpec } from './command.ts';
import { openInViewer } from './openInViewer.ts';
import { wholeNumber } from './options.ts';

const rendererDirectory = fileURLToPath(new URL('../../out/renderer', import.meta.url));

const serveOptions = z.object({
  port: z.number().default(0),
  host: z.string().default('127.0.0.1'),
  allowRemote: z.boolean().default(false),
  open: z.boolean().default(false),
});

export const serveCommand: CommandSpec = {
  name: 'serve',
  description: 'the app in a browser',
  configure: (command) =>
    command
      .option('--port <port>', 'port to listen on (default: a free one)', wholeNumber(0))
      .option('--host <host>', 'address to listen on (default: 127.0.0.1)')
      .option('--allow-remote', 'let other machines connect; nothing is encrypted')
      .option('--open', 'open the link in the system browser'),
  async run(context, options) {
    const { port, host, allowRemote, open } = serveOptions.parse(options);
    if (!(await fileExists(rendererDirectory))) throw new AppError('WINDOW_NOT_BUILT');
    const services = await createServices({
      workspaceDirectory: context.workspaceDirectory,
      rendererDirectory,
      host: { host: 'browser', canOpenPaths: false },
    });
    const server = await startServer({ services, port, host, allowRemote });
    const stopListening = printLinks(context, server.newLink);
    if (allowRemote)
      context.onEvent({
        type: 'log',
        level: 'warning',
        message: 'Other machines can connect, and nothing is encrypted: a tunnel (ssh -L) is safer.',
      });
    try {
      if (open) await openInViewer(server.newLink());
      if (!context.signal.aborted) await once(context.signal, 'abort');
    } finally {
      stopListening();
      await services.close();
      await server.close();
    }
    return { data: { stopped: true }, text: 'Stopped.' };
  },
};

/** Prints a link now and another whenever Enter is pressed; returns the way to stop. */
function printLinks({ json, print }: CommandContext, newLink: () => string): () => void {
  const show = (): void =>
    print(
      json
        ? `${JSON.stringify({ link: newLink() })}\n`
        : `Open ${newLink()}\nThe link works once; press Enter for another, Ctrl-C to stop.\n`,
    );
  show();
  const stop = (): void => {
    process.stdin.off('data', show);
    process.stdin.pause();
  };
  process.stdin.on('data', show);
  // A terminal that was closed can no longer be read; the window is served on.
  process.stdin.on('error', stop);
  return stop;
}
