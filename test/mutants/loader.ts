/**
 * Loads modules of src/ with one of them changed, without touching the disk: esbuild turns every file into a CommonJS function, once;
 * a mutant's alone is turned again. Afresh are the changed module and those that import it, directly or
 * not; the others are loaded once, so that mutants of a kernel don't pay for the layers again, which the engine has compiled by then.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { transformSync } from 'esbuild';
import { toFloat64 as asFloat64 } from '../../src/kernels/to-float64.mjs';

type Module = Record<string, unknown>;
/** CommonJS: it puts an object of its own in `exports` before it requires anything. */
interface Holder {
  exports: Module;
}
type Factory = (module: Holder, require: (path: string) => Module) => void;
interface Source {
  readonly factory: Factory;
  /** Paths within src/ of what it imports. */
  readonly imports: readonly string[];
}

/** Modules that enter themselves into a registry, which takes a name once: with one of them all are loaded afresh. */
const REGISTERED = /^(layers|losses|metrics|optimizers)\//;

const sources = new Map<string, Source>();
/** Modules that no mutant has touched. */
const unchanged = new Map<string, Holder>();

/** Who imports a module, of what `entry` is made of, by the module's path. */
const importersIn = new Map<string, ReadonlyMap<string, readonly string[]>>();

/**
 * The sources with one of them changed: gives the exports of src/`entry`, with everything that it imports. Several entries share
 * what is loaded afresh.
 * @param file path within src/ of the module that has `text` instead of its own.
 */
export function mutatedSources(file: string, text: string): (entry: string) => Module {
  const changed = compile(file, text);
  const changedModules = new Map<string, Holder>();
  return (entry) => {
    const afresh = dependentsOf(file, entry);
    const all = [...afresh].some((path) => REGISTERED.test(path));
    const load = (path: string): Module => {
      const modules = all || afresh.has(path) ? changedModules : unchanged;
      const known = modules.get(path);
      if (known) return known.exports;
      const module: Holder = { exports: {} };
      modules.set(path, module);
      const { factory } = path === file ? changed : original(path);
      factory(module, (relative) => load(posix.join(posix.dirname(path), relative)));
      return module.exports;
    };
    return load(entry);
  };
}

/** src/`file` and whatever imports it, directly or not, among what `entry` is made of. */
function dependentsOf(file: string, entry: string): Set<string> {
  const importers = importersIn.get(entry) ?? findImporters(entry);
  importersIn.set(entry, importers);
  const dependents = new Set([file]);
  for (const path of dependents) for (const importer of importers.get(path) ?? []) dependents.add(importer);
  return dependents;
}

function findImporters(entry: string): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  const paths = new Set([entry]);
  for (const path of paths) {
    for (const imported of original(path).imports) {
      importers.set(imported, [...(importers.get(imported) ?? []), path]);
      paths.add(imported);
    }
  }
  return importers;
}

/** A kernel's source in plain/ as generate-float64.mjs would write it into plain64/. */
export function toFloat64(file: string, text: string): { file: string; text: string } {
  const name = file.replace('kernels/plain/', '');
  return { file: `kernels/plain64/${name}`, text: asFloat64(name, text) };
}

export function readSource(file: string): string {
  return readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
}

function original(path: string): Source {
  let source = sources.get(path);
  if (!source) {
    source = compile(path, readSource(path));
    sources.set(path, source);
  }
  return source;
}

function compile(path: string, text: string): Source {
  const { code } = transformSync(text, { loader: 'ts', format: 'cjs', target: 'es2023', tsconfigRaw: {} });
  const imports = Array.from(code.matchAll(/require\("(\.[^"]+)"\)/g), ([, relative]) =>
    posix.join(posix.dirname(path), relative),
  );
  // A factory is called with what its parameters say; that it is one is how it has just been written.
  const factory = new Function('module', 'require', `${code}\n//# sourceURL=mutant/${path}`) as Factory;
  return { factory, imports };
}
