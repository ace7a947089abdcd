/**
 * The server of `degelo page`: the files of the page and its images, to this machine only. Only what was listed when it began is
 * served, by its exact name, so no address leads to anything else.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRegularFile } from '../data/regular-file.ts';

const HOST = '127.0.0.1';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.gz': 'application/gzip',
};

/** Nothing from elsewhere, no code from strings; WebAssembly is what the kernels are. */
const POLICY = [
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:",
  "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

/** The first three make the page cross-origin isolated, without which there are no threads. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // What is built again is seen at once.
  'Cache-Control': 'no-cache',
};

/** What is served, and where from, by the address's path. */
export type SiteFiles = ReadonlyMap<string, string>;

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The files of the page that is built. The package has the images once, outside of the page's folder.
 * @param dist the folder of what is built
 * @throws Error where the page isn't built.
 */
export function siteFiles(dist = new URL('../../dist/', import.meta.url)): SiteFiles {
  const page = fileURLToPath(new URL('page/', dist));
  const images = fileURLToPath(new URL('data/mnist/', dist));
  if (!existsSync(`${page}index.html`)) {
    throw new Error("page: it isn't built: npm run build:page does that in a checkout; a package has it");
  }
  return new Map([
    ...within(images).map((name) => [`/mnist/${name}`, images + name] as const),
    ...within(page).map((name) => [`/${name}`, page + name] as const),
    ['/', `${page}index.html`],
  ]);
}

/** By names alone: under Yarn's Plug'n'Play, whose packages are zip files, an entry doesn't know its folder's path. */
function within(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(folder + name).isFile())
    .map((name) => name.replaceAll('\\', '/'));
}

/**
 * Serves these files.
 * @param port 0: any that is free
 * @throws RangeError where the port can't be had.
 */
export async function servePage(files: SiteFiles, port: number): Promise<PageServer> {
  const server = createServer((request, response) => answer(files, request, response));
  await listening(server, port);
  // A server that listens to a port has such an address.
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${chosen}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const reason =
        code === 'EADDRINUSE' ? 'another program uses it' : code === 'EACCES' ? "it isn't allowed" : message;
      reject(
        new RangeError(`--port: ${port} can't be used: ${reason}: give another, or 0 for any that is free`),
      );
    });
    server.listen(port, HOST, resolve);
  });
}

function answer(files: SiteFiles, { method, url = '/' }: IncomingMessage, response: ServerResponse): void {
  const { code, headers, body } = found(files, method, url);
  response.writeHead(code, { ...HEADERS, ...headers, 'Content-Length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
}

interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

const NOT_FOUND: Answer = { code: 404, headers: {}, body: '' };

function found(files: SiteFiles, method: string | undefined, url: string): Answer {
  if (method !== 'GET' && method !== 'HEAD') return { code: 405, headers: { Allow: 'GET, HEAD' }, body: '' };
  const path = files.get(url.split('?', 1)[0]);
  if (path === undefined) return NOT_FOUND;
  try {
    const body = readRegularFile(path, (problem) => new Error(problem));
    return {
      code: 200,
      headers: { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' },
      body,
    };
  } catch {
    // It was taken away while the server ran.
    return NOT_FOUND;
  }
}
