/** The page served with images in miniature, for the browsers' tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PageServer, servePage, siteFiles } from '../../src/cli/page-server.ts';
import { tinyFiles } from './tiny.ts';

export interface TinySite {
  readonly server: PageServer;
  /** For files of the test's own. */
  readonly folder: string;
  close(): Promise<void>;
}

export async function serveTinySite(): Promise<TinySite> {
  const folder = mkdtempSync(join(tmpdir(), 'degelo-page-'));
  const files = new Map(siteFiles());
  for (const [name, bytes] of Object.entries(tinyFiles())) {
    writeFileSync(join(folder, name), bytes);
    files.set(`/mnist/${name}`, join(folder, name));
  }
  const server = await servePage(files, 0);
  return {
    ...{ server, folder },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
