#!/usr/bin/env node
/** The program `degelo`. */
import { installExits } from './exits.ts';
import { asksForHelp, helpText } from './help.ts';

installExits();
const args = process.argv.slice(2);
if (asksForHelp(args)) process.stdout.write(helpText(process.stdout.columns));
else {
  const { run } = await import('./program.ts');
  process.exitCode = await run(args);
}
