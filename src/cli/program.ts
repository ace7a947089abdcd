/** The commands, and what becomes of their outcome: 0 done, 1 failed, 2 wrong usage. */
import { Command, CommanderError } from 'commander';
import '../everything.ts';
import { escapeUnshown } from '../checks/shown.ts';
import { VERSION } from '../formats/version.ts';
import { addConvertCommand } from './convert.ts';
import { addDataCommand } from './data.ts';
import { addEvaluateCommand } from './evaluate.ts';
import { reportError } from './exits.ts';
import { addFeaturesCommand } from './features.ts';
import { addFinetuneCommand } from './finetune.ts';
import { addGradcheckCommand } from './gradcheck.ts';
import { helpText } from './help.ts';
import { setTranslation, speakForLibrary } from './output.ts';
import { addPageCommand } from './page.ts';
import { readPlaces } from './places.ts';
import { addPredictCommand } from './predict.ts';
import { addReportCommand } from './report.ts';
import { addStudyCommand } from './study.ts';
import { addSummaryCommand } from './summary.ts';
import { addTransferCommand } from './transfer.ts';
import { commandOf, meantOption, noteRepeated, UsageError, withFlags } from './usage.ts';

/**
 * Runs one command. The program's own help doesn't need this file: main.ts prints it.
 * @param args without node and script: `['transfer', '--epochs', '1']`
 * @returns the exit code.
 */
export async function run(args: readonly string[]): Promise<number> {
  // Before the arguments are parsed, since they may be what is wrong.
  const translate = /(^| )--lang[ =]pt( |$)/.test(args.join(' '))
    ? (await import('../report/messages/all-errors-pt.ts')).errorInPortuguese
    : untranslated;
  setTranslation(translate);
  const takeBack = speakForLibrary();
  try {
    const program = makeProgram(translate, args);
    const command = commandOf(program, args);
    setTranslation((message) => withFlags(translate(message), command));
    // Of a command that isn't there commander would show the program's help, and no word of it.
    const isHelpOfNone =
      args[0] === 'help' &&
      args.length > 1 &&
      !['help', ...program.commands.map((each) => each.name())].includes(args[1]);
    await program.parseAsync(isHelpOfNone ? args.slice(1) : args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has written its message, or the help or version that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    reportError(error, args.includes('--verbose'));
    return error instanceof UsageError ? 2 : 1;
  } finally {
    takeBack();
  }
}

const untranslated = (message: string): string => message;

/** The program with its commands; wrong usage is thrown as a CommanderError, once its message is written. */
export function makeProgram(translate = untranslated, args: readonly string[] = []): Command {
  const program = new Command('degelo')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--verbose', 'print the stack trace of an error')
    .showHelpAfterError(translate('(--help lists the options)'))
    // Descriptions are wrapped in narrow terminals too.
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 16 })
    .configureOutput({
      // A terminal that doesn't know its width says 0.
      getOutHelpWidth: () => process.stdout.columns || 80,
      getErrHelpWidth: () => process.stderr.columns || 80,
      outputError: (text, write) => {
        const message = text.replace(/^error: /, '').trimEnd();
        const hint = meantOption(message, commandOf(program, args));
        write(`${escapeUnshown(`degelo: ${translate(message + hint)}`)}\n`);
      },
    })
    .exitOverride();
  program.helpInformation = () => helpText(process.stdout.columns);
  // Commands take over the settings above as they are added.
  addTransferCommand(program);
  addFinetuneCommand(program);
  addFeaturesCommand(program);
  addEvaluateCommand(program);
  addPredictCommand(program);
  addDataCommand(program);
  addReportCommand(program);
  addSummaryCommand(program);
  addGradcheckCommand(program);
  addStudyCommand(program);
  addConvertCommand(program);
  addPageCommand(program);
  noteRepeated(program);
  readPlaces(program);
  return program;
}
