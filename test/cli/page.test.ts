/** `degelo page`: what the server answers, to whom, and how it ends. */
import fs, { mkdirSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { installExits } from '../../src/cli/exits.ts';
import { type PageServer, servePage, siteFiles } from '../../src/cli/page-server.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere } from './degelo.ts';

/** What a build leaves, in small. */
function built(): URL {
  const dist = temporaryFolder();
  for (const [path, text] of [
    ['page/index.html', '<title>page</title>'],
    ['page/main.js', '1'],
    ['page/chunks/part.js', '2'],
    ['page/odd.bin', '3'],
    ['data/mnist/train-images-idx3-ubyte.gz', '4'],
    ['cli/main.js', 'secret'],
  ]) {
    mkdirSync(join(dist, path, '..'), { recursive: true });
    writeFileSync(join(dist, path), text);
  }
  return pathToFileURL(`${dist}/`);
}

let server: PageServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('the page’s server', () => {
  it('has the page, its parts and its images, with the headers that isolate it', async () => {
    server = await servePage(siteFiles(built()), 0);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const types = [];
    for (const path of [
      '',
      'index.html?x=1',
      'main.js',
      'chunks/part.js',
      'mnist/train-images-idx3-ubyte.gz',
      'odd.bin',
    ]) {
      const response = await fetch(server.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      types.push(response.headers.get('content-type')?.split(';')[0]);
    }
    expect(types).toEqual([
      'text/html',
      'text/html',
      'text/javascript',
      'text/javascript',
      'application/gzip',
      'application/octet-stream',
    ]);
    const policy = (await fetch(server.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
  });

  it('has all files where entries of folders don’t know their path, as in Yarn’s zip files', () => {
    const expected = [...siteFiles(built()).keys()];
    const { readdirSync } = fs;
    fs.readdirSync = ((...given: Parameters<typeof readdirSync>) =>
      Array.from(readdirSync(...given), (entry: unknown) =>
        typeof entry === 'string' ? entry : Object.assign(entry as object, { parentPath: '.' }),
      )) as never;
    syncBuiltinESMExports();
    try {
      expect([...siteFiles(built()).keys()]).toEqual(expected);
      expect(expected).toContain('/chunks/part.js');
    } finally {
      fs.readdirSync = readdirSync;
      syncBuiltinESMExports();
    }
  });

  it('leads nowhere else, however the address is written', async () => {
    const files = siteFiles(built());
    server = await servePage(files, 0);
    const { port } = new URL(server.url);
    const ask = (path: string): Promise<string> =>
      new Promise((resolve) => {
        // fetch would tidy the path.
        const socket = connect(Number(port), '127.0.0.1');
        let text = '';
        socket.on('data', (chunk) => (text += chunk)).on('close', () => resolve(text));
        socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      });
    for (const path of [
      '/../cli/main.js',
      '/%2e%2e/cli/main.js',
      '/chunks/../../cli/main.js',
      '/..\\cli\\main.js',
      '//cli/main.js',
      '/cli/main.js',
      '/chunks',
      '/chunks/',
      '/nothing',
    ]) {
      const text = await ask(path);
      expect(text).toMatch(/^HTTP\/1\.1 404/);
      expect(text).not.toContain('secret');
    }
  });

  it('answers HEAD without a body, POST with 405, and 404 for a file that was removed meanwhile', async () => {
    server = await servePage(new Map([...siteFiles(built()), ['/gone', '/no/such/file']]), 0);
    const head = await fetch(server.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '19', '']);
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${server.url}gone`)).status).toBe(404);
  });

  it('says in one line that the port is taken, or that the page isn’t built', async () => {
    server = await servePage(new Map(), 0);
    const { port } = new URL(server.url);
    await expect(servePage(new Map(), Number(port))).rejects.toThrow(
      `--port: ${port} can't be used: another program uses it: give another, or 0 for any that is free`,
    );
    await expect(servePage(new Map(), 99_999)).rejects.toThrow(RangeError);
    expect(() => siteFiles(pathToFileURL(`${temporaryFolder()}/`))).toThrow(
      "it isn't built: npm run build:page",
    );
  });
});

describe('degelo page', () => {
  it.each([
    ['no program opens browsers', []],
    ['the program that does finds none', ['xdg-open', 'open', 'cmd']],
  ])('prints the address, says what it can’t open where %s, and ends with Ctrl-C', async (_, programs) => {
    const folder = temporaryFolder();
    for (const name of programs) writeFileSync(join(folder, name), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    const handlers = new Map<string, (signal: string) => void>();
    const on = vi
      .spyOn(process, 'on')
      .mockImplementation(((name: string, handler: () => void) => handlers.set(name, handler)) as never); // nobody chains
    vi.spyOn(process.stdout, 'on').mockReturnThis();
    vi.spyOn(process.stderr, 'on').mockReturnThis();
    installExits();
    on.mockRestore();
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never); // it returns
    vi.stubEnv('PATH', programs.length > 0 ? folder : '');
    const done = degeloHere('page', '--port', '0', '--open', '--lang', 'pt');
    const { write } = process.stderr;
    await vi.waitFor(
      () => expect(vi.mocked(write).mock.calls.join('')).toContain('Nenhum navegador'),
      20_000,
    );
    handlers.get('SIGINT')?.('SIGINT');
    const { code, stdout, stderr } = await done;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect(stderr).toContain('Ctrl-C encerra o servidor.');
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(130));
    await expect(fetch(stdout.trim())).rejects.toThrow();
  });

  it('refuses what is no port', async () => {
    expect(await degeloHere('page', '--port', '70000')).toMatchObject({ code: 2 });
  });
});
