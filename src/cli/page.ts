/** `degelo page`: the page "Watch it thaw", served to a browser on this machine. */
import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { onInterrupt } from './exits.ts';
import { warn, write } from './output.ts';
import { integer, languageOption } from './usage.ts';

interface PageFlags {
  readonly port: number;
  readonly open?: true;
  readonly lang: Language;
}

/** Letters of "thaw" on a telephone's keys. */
const PORT = 8429;

export function addPageCommand(program: Command): void {
  program
    .command('page')
    .description(
      'Serve the page "Watch it thaw" to a browser on this machine: train, freeze and thaw the network there, draw digits and ' +
        'classes of your own. Ends with Ctrl-C.',
    )
    .option('--port <n>', 'of 127.0.0.1; 0: any that is free', integer(0, 65_535), PORT)
    .option('--open', 'open it in the browser')
    .addOption(languageOption())
    .action(page);
}

async function page({ port, open, lang }: PageFlags): Promise<void> {
  const { servePage, siteFiles } = await import('./page-server.ts');
  const server = await servePage(siteFiles(), port);
  const t = LANGUAGES[lang].browserPage;
  write(`${server.url}\n`);
  warn(t.howToEnd);
  if (open) openInBrowser(server.url, () => warn(t.cantOpen));
  await new Promise<void>((resolve) => {
    onInterrupt(async () => {
      await server.close();
      resolve();
    });
  });
}

/** Opens the address by the program that the system has for this. */
function openInBrowser(url: string, onFailure: () => void): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', onFailure);
  // It is there, and found no browser, as over ssh.
  child.on('exit', (code) => {
    if (code) onFailure();
  });
  child.unref();
}
