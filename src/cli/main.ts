#!/usr/bin/env node
/** The program `degelo`. */
import { installExits } from './exits.ts';
import { run } from './program.ts';

installExits();
process.exitCode = await run(process.argv.slice(2));
