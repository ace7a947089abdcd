/** Against a server on this machine: nothing here asks the network. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { fetchDataSet } from '../../src/cli/fetch-data-set.ts';
import { CATALOGUE, type PublishedDataSet } from '../../src/data/catalogue.ts';
import { downloadFile } from '../../src/data/download.ts';
import { DataError } from '../../src/data/errors.ts';
import { fetchBytes } from '../../src/data/fetch-bytes.ts';
import { temporaryFolder } from '../temporary.ts';

const CONTENTS = Buffer.from('images, or so');
const FILE = { name: 'a.gz', sha256: createHash('sha256').update(CONTENTS).digest('hex') };

let server: Server;
let base: string;
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['accept-encoding']}`);
    const [, where] = (request.url ?? '').split('/');
    if (where === 'good') response.end(CONTENTS);
    else if (where === 'other') response.end('something else');
    else if (where === 'endless') {
      const more = () => response.write(Buffer.alloc(1000)) && setImmediate(more);
      response.on('drain', more);
      more();
    } else if (where === 'slow') {
      const drip = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(drip));
    } else if (where === 'stalled') response.write('a');
    else if (where === 'broken') {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('abc', () => response.destroy());
    } else response.writeHead(404).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens at an address
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const failure = async (promise: Promise<unknown>): Promise<DataError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  expect((error as DataError).message).not.toMatch(/\p{Cc}/u);
  return error as DataError; // checked two lines before
};

describe('downloadFile', () => {
  it('gives the file of the first mirror that has it, asks for it unpacked, and tells how far it is', async () => {
    const told: [number, number | null][] = [];
    const mirrors = ['nowhere', 'other', 'good/', 'never'].map((path) => `${base}/${path}`);
    const onProgress = (bytes: number, total: number | null) => told.push([bytes, total]);
    expect(Buffer.from(await downloadFile(FILE, mirrors, { onProgress }))).toEqual(CONTENTS);
    expect(told.at(-1)).toEqual([CONTENTS.length, CONTENTS.length]);
    expect(asked).toContain('/good/a.gz identity');
    expect(asked.join()).not.toContain('never');
  });

  it('takes a file as large as it may be, and none larger', async () => {
    const take = (limit: number) => downloadFile(FILE, [`${base}/good/`], { limit });
    expect(Buffer.from(await take(CONTENTS.length))).toEqual(CONTENTS);
    expect((await failure(take(CONTENTS.length - 1))).message).toMatch(
      /too large: expected at most \d+ bytes/,
    );
  });

  it.each([
    ['nowhere', /^a\.gz: can't be downloaded: http:\S+\/nowhere\/a\.gz: HTTP status 404$/],
    ['other', /another file: expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64} \(14 bytes\)$/],
    ['endless', /too large: expected at most 5000 bytes, got more$/],
    ['stalled', /no data for 0\.2 s$/],
    ['slow', /too slow: expected the whole file within 0\.5 s$/],
    ['broken', /\/broken\/a\.gz: ./],
  ])('refuses what the mirror %s gives', async (path, message) => {
    const options = { limit: 5000, patience: 200, deadline: 500 };
    expect((await failure(downloadFile(FILE, [`${base}/${path}`], options))).message).toMatch(message);
  });

  it('says why where nobody listens, and where the address is none', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo; // it listened at an address
    await new Promise((resolve) => closed.close(resolve));
    const mirrors = [`http://127.0.0.1:${port}/`, 'no address'];
    expect((await failure(downloadFile(FILE, mirrors))).message).toMatch(
      /a\.gz: connect ECONNREFUSED 127\.0\.0\.1:\d+; no address\/a\.gz: .*URL/,
    );
  });
});

describe('fetchBytes', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it.each([
    ['takes', 200],
    ['refuses', 404],
  ])('leaves no clock running that would keep the program alive, once it %s what came', async (_, status) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('abc', { status })));
    await fetchBytes('http://a.test/', { limit: 10 }).catch(() => null);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('fetchDataSet', () => {
  const parent = temporaryFolder();
  const set = (path: string, ...names: string[]): PublishedDataSet => ({
    title: 'Images',
    mirrors: [`${base}/${path}`],
    files: names.map((name) => ({ ...FILE, name })),
  });

  it('puts all files into a folder that it makes, and leaves those that are there', async () => {
    const folder = join(parent, 'new', 'data');
    const told: string[] = [];
    const onFile = (file: string, what: string) => told.push(`${file}: ${what}`);
    await fetchDataSet(set('good', 'a.gz', 'b.gz'), folder, { onFile });
    await fetchDataSet(set('nowhere', 'a.gz', 'b.gz'), folder, { onFile });
    expect(readdirSync(folder).sort()).toEqual(['a.gz', 'b.gz']);
    expect(readFileSync(join(folder, 'b.gz'))).toEqual(CONTENTS);
    expect(told).toEqual(['a.gz: 0.0 MB', 'b.gz: 0.0 MB', 'a.gz: already exists', 'b.gz: already exists']);
  });

  it('says which files to put where if they cannot be had, and leaves nothing half written', async () => {
    const folder = join(parent, 'unreachable');
    const { message } = await failure(fetchDataSet(set('other', 'a.gz', 'b.gz'), folder));
    expect(message).toMatch(
      /^data fetch: no network, or not the right file: put a\.gz, b\.gz of Images into .*unreachable by other means/,
    );
    expect(existsSync(folder)).toBe(false);
  });

  it('touches no file of another content', async () => {
    writeFileSync(join(parent, 'b.gz'), 'mine');
    const { message } = await failure(fetchDataSet(set('good', 'a.gz', 'b.gz'), parent));
    expect(message).toMatch(/b\.gz: there is another file of this name: expected that of Images, or none$/);
    expect(readFileSync(join(parent, 'b.gz'), 'utf8')).toBe('mine');
  });
});

describe('the catalogue', () => {
  const emptyParent = temporaryFolder();

  it('names four files of different SHA-256 for each data set, and mirrors behind TLS', () => {
    for (const { files, mirrors, network } of CATALOGUE.values()) {
      if (network) continue;
      expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(4);
      expect(
        files.every(({ sha256, name }) => /^[0-9a-f]{64}$/.test(sha256) && name.endsWith('-ubyte.gz')),
      ).toBe(true);
      expect(mirrors.every((mirror) => mirror.startsWith('https://') && mirror.endsWith('/'))).toBe(true);
    }
  });

  it('names one file for each network, of one commit, and its licence', async () => {
    const networks = [...CATALOGUE].filter(([, { network }]) => network);
    expect(networks.map(([name]) => name)).toEqual(['mobilenet-v2', 'mobilenet-v1']);
    for (const [, { files, mirrors, network }] of networks) {
      expect(files.map(({ name }) => name.replace(/.*\./, ''))).toEqual(['tflite']);
      expect(mirrors[0]).toMatch(/^https:\/\/.*\/[0-9a-f]{40}\/$/);
      expect(network?.licence).toBe('Apache-2.0');
    }
    const folder = join(emptyParent, 'network');
    const missing = { ...networks[0][1], mirrors: ['http://127.0.0.1:1/'] };
    const { message } = await failure(fetchDataSet(missing, folder));
    expect(message).toContain(`then use --base ${join(folder, 'mobilenet_v2_1.0_224_quant.tflite')}`);
  });
});
