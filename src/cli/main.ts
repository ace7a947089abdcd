#!/usr/bin/env node
/** The program `degelo`. */
import { installExits } from './exits.ts';
import { asksForHelp, HELP } from './help.ts';

installExits();
const args = process.argv.slice(2);
if (asksForHelp(args)) process.stdout.write(HELP);
else {
  const { run } = await import('./program.ts');
  process.exitCode = await run(args);
}
