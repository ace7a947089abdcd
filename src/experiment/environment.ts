/** What ran the experiment: two fields of its result. */
import { readFileSync } from 'node:fs';

/** The package's version, from its package.json. */
export function packageVersion(): string {
  // Two levels up from src/experiment as from dist/experiment.
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version; // npm requires the field
}

/** JavaScript engine and machine: `node 20.20.2 linux x64`. */
export function engine(): string {
  const { versions, platform, arch } = process;
  // Bun and Deno name themselves beside the Node version they imitate.
  const name = ['bun', 'deno'].find((other) => other in versions) ?? 'node';
  return `${name} ${versions[name]} ${platform} ${arch}`;
}
