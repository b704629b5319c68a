/** The server host: the application on loopback, for a browser. */
import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { createApp } from './api/app.ts';
import { createOneTimeLinks } from './api/oneTimeLinks.ts';
import type { AppServices } from './services/appServices.ts';
import { AppError } from './shared/appError.ts';

export interface ServerOptions {
  readonly services: AppServices;
  /** 0: any free port. */
  readonly port: number;
  /** A loopback address or name, unless `allowRemote`. */
  readonly host: string;
  /** Other machines may connect; the connection is not encrypted. */
  readonly allowRemote: boolean;
}

export interface RunningServer {
  readonly url: string;
  /** A new one-time link. */
  newLink(): string;
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>;
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** Starts serving. Throws BAD_USAGE for a host or port that cannot be used. */
export async function startServer({
  services,
  port,
  host,
  allowRemote,
}: ServerOptions): Promise<RunningServer> {
  const shownHost = host.includes(':') ? `[${host}]` : host;
  if (!allowRemote && !loopbackNames.includes(shownHost)) {
    const problem = `${host} can be reached from other machines; add --allow-remote if that is meant.`;
    throw new AppError('BAD_USAGE', { problem });
  }
  const links = createOneTimeLinks();
  const own = { port };
  const isOwnOrigin = (origin: string): boolean => {
    const { protocol, hostname: name, port: originPort } = new URL(origin);
    const isNamed = loopbackNames.includes(name) || (allowRemote && isRemoteName(name, shownHost));
    return protocol === 'http:' && isNamed && Number(originPort || '80') === own.port;
  };
  const app = createApp(services, { isOwnOrigin, links });
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('BAD_USAGE', { problem: `The server cannot start: ${reason}.` }, { cause: error });
  }
  own.port = (server.address() as AddressInfo).port;
  const url = `http://${shownHost}:${own.port}`;
  return {
    url,
    newLink: () => `${url}/open?key=${links.issue()}`,
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Addresses cannot be rebound by a foreign name server; of names only the machine's own count. */
function isRemoteName(name: string, host: string): boolean {
  return name === host || name === hostname().toLowerCase() || /^[\d.]+$|^\[[\da-f:]+\]$/.test(name);
}
