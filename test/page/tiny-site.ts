/** The page served with images in miniature, for the browsers' tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PageServer, servePage, siteFiles } from '../../src/cli/page-server.ts';
import { temporaryFolder } from '../temporary.ts';
import { tinyFiles } from './tiny.ts';

export interface TinySite {
  readonly server: PageServer;
  /** For files of the test's own. */
  readonly folder: string;
  close(): Promise<void>;
}

export async function serveTinySite(): Promise<TinySite> {
  const folder = temporaryFolder();
  const files = new Map(siteFiles());
  for (const [name, bytes] of Object.entries(tinyFiles())) {
    writeFileSync(join(folder, name), bytes);
    files.set(`/mnist/${name}`, join(folder, name));
  }
  const server = await servePage(files, 0);
  return {
    ...{ server, folder },
    close: () => server.close(),
  };
}
