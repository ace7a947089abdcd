/** What ran the experiment, which is a field of its result. */

/** JavaScript engine and machine: `node 20.20.2 linux x64`. */
export function engine(): string {
  const { versions, platform, arch } = process;
  // Bun and Deno name themselves beside the Node version they imitate.
  const name = ['bun', 'deno'].find((other) => other in versions) ?? 'node';
  return `${name} ${versions[name]} ${platform} ${arch}`;
}
