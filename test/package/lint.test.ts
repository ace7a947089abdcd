/** What publint and arethetypeswrong say of the packed package, and what bundlers leave out of it. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { build, type Rollup } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
let tarball: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  folder = temporaryFolder();
  // Without scripts: prepack would build again, under the feet of the tests that run beside this one.
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  await promisify(execFile)('npm', args, { cwd: root });
  const [file] = readdirSync(folder);
  tarball = new Uint8Array(readFileSync(join(folder, file)));
});

describe('the package', () => {
  it('is in order by publint, suggestions included', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has the right types by arethetypeswrong, wherever ES modules are known', async () => {
    const result = await checkPackage(createPackageFromTarballData(tarball));
    // Node 10's resolution knows no exports; require() of an ES module is for those who ask for it.
    const isOld = (problem: object): boolean =>
      'resolutionKind' in problem && /^node10$|^node16-cjs$/.test(String(problem.resolutionKind));
    expect(result.types).not.toBe(false);
    expect('problems' in result && result.problems.filter((problem) => !isOld(problem))).toEqual([]);
  });
});

/** The modules of dist/ of which a bundle of these exports has anything, except for what it loads later, where it is wanted. */
async function modulesFor(names: string, from = 'index.js'): Promise<string[]> {
  const entry = join(folder, 'entry.mjs');
  writeFileSync(entry, `export { ${names} } from ${JSON.stringify(join(root, 'dist', from))};`);
  const lib = { entry, formats: ['es' as const], fileName: 'out' };
  const outputs = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib },
  });
  const [{ output }] = outputs as Rollup.RollupOutput[]; // one format gives a list of one
  const chunks = new Map(output.flatMap((each) => (each.type === 'chunk' ? [[each.fileName, each]] : [])));
  const loaded = new Set([output[0].fileName]);
  for (const name of loaded) for (const other of chunks.get(name)?.imports ?? []) loaded.add(other);
  return Array.from(loaded, (name) => Object.entries(chunks.get(name)?.modules ?? {}))
    .flat()
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([id]) => id.replace(/^.*\/dist\//, ''));
}

describe('a bundle', () => {
  it('of tensors alone, of degelo/core, has tensors and the checks of what they are given', async () => {
    const modules = await modulesFor('tensor, zeros', 'core.js');
    expect(modules.filter((id) => !/^(tensor|checks)\/|entry/.test(id))).toEqual([]);
  });

  it('that trains has no gradient checks, no callbacks that it doesn’t use, no files of others', async () => {
    const modules = await modulesFor('sequential, dense');
    expect(modules).toContain('training/sequential.js');
    const left =
      /^gradcheck\/|early-stopping|csv-logger|npz|layers-model|keras-layer|^data\/(?!errors|shown|crc32)/; // crc32: of #files, for archives
    expect(modules.filter((id) => left.test(id))).toEqual([]);
  });
});
