/** Packages that bundlers don't follow: they don't work in a bundle, and some bundlers fail on them. */
// Under another name: what bundlers put before a program's first line often imports createRequire, and names clash there.
import { createRequire as requireFrom } from 'node:module';

/**
 * A package, when it is needed. Next.js' bundler follows `createRequire`, too, where it sees the package's name there.
 * @param file who asks: an `import.meta.url`
 */
export function loadPackage(file: string, name: string): unknown {
  return requireFrom(file)(name);
}

/** Whether it is there, which a part of an installation may lack. @throws what else keeps one from looking. */
export function hasPackage(file: string, name: string): boolean {
  try {
    requireFrom(file).resolve(name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}
