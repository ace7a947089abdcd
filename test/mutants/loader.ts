/**
 * Loads modules of src/ with one of them changed, each time afresh and without touching the disk: TypeScript's transpiler turns every
 * file into a CommonJS function, once; a mutant's alone is transpiled again.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';

type Module = Record<string, unknown>;
type Factory = (exports: Module, require: (path: string) => Module) => void;

const factories = new Map<string, Factory>();

/**
 * The exports of src/`entry`, with everything that it imports.
 * @param file path within src/ of the module that has `text` instead of its own.
 */
export function loadMutated(entry: string, file: string, text: string): Module {
  const changed = compile(file, text);
  const modules = new Map<string, Module>();
  const load = (path: string): Module => {
    const known = modules.get(path);
    if (known) return known;
    const exports: Module = {};
    modules.set(path, exports);
    const factory = path === file ? changed : original(path);
    factory(exports, (relative) => load(posix.join(posix.dirname(path), relative)));
    return exports;
  };
  return load(entry);
}

/** A kernel's source in plain/ as generate-float64.mjs would write it into plain64/. */
export function toFloat64(file: string, text: string): { file: string; text: string } {
  const name = file.replace('kernels/plain/', '');
  return {
    file: `kernels/plain64/${name}`,
    text: `// Generated from ../plain/${name} by generate-float64.mjs: do not edit.\n${text
      .replaceAll('Math.fround', '')
      .replaceAll('Float32Array', 'Float64Array')
      .replaceAll("'float32'", "'float64'")
      .replaceAll('plainKernels', 'plain64Kernels')}`,
  };
}

export function readSource(file: string): string {
  return readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
}

function original(path: string): Factory {
  let factory = factories.get(path);
  if (!factory) {
    factory = compile(path, readSource(path));
    factories.set(path, factory);
  }
  return factory;
}

function compile(path: string, text: string): Factory {
  const { outputText } = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.CommonJS,
      verbatimModuleSyntax: false,
      // Three times as fast, for what is compiled hundreds of times.
      noCheck: true,
      removeComments: true,
    },
  });
  // A factory is called with what its parameters say; that it is one is how it has just been written.
  return new Function('exports', 'require', `${outputText}\n//# sourceURL=mutant/${path}`) as Factory;
}
