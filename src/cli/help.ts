/**
 * What `degelo --help` prints. A text by itself, there as soon as Node is: loading commander and all commands takes
 * half as long again. A test compares it with the commands.
 */

const ABOUT = 'Transfer learning in pure TypeScript: train a CNN, freeze its features, fine-tune the rest.';

const OPTIONS = [
  ['-V, --version', 'print the version'],
  ['--verbose', 'print the stack trace of an error'],
  ['-h, --help', 'print this help'],
] as const;

const COMMANDS = [
  ['transfer [options]', 'train, freeze features, fine-tune'],
  ['finetune [options]', 'teach a pretrained network your photos'],
  ['features [options]', 'what a network makes of many photos'],
  ['evaluate [options] <model>', 'test a saved model on a data set'],
  ['predict [options] <model> <images...>', 'say what a saved model sees in images'],
  ['data', 'fetch a data set, or look one over'],
  ['report [options] <folder...>', 'draw report.html of saved runs again'],
  ['summary [options] [model]', "print a model's layers, of any format"],
  ['gradcheck [options] [model]', 'compare every gradient with differences'],
  ['study [options]', 'does transfer really help?'],
  ['convert [options] <from> <to>', 'convert a model to another format'],
  ['page [options]', 'watch it thaw, in a browser'],
  ['help [command]', 'display help for command'],
] as const;

/** The column at which descriptions begin, and the width that they all need. */
const BEGIN = 41;
const WHOLE = 80;

/** The text, for a terminal of so many columns: where it is narrow, descriptions are below what they describe. */
export function helpText(columns = WHOLE): string {
  const row = ([term, description]: readonly [string, string]): string =>
    columns >= WHOLE ? `  ${term}`.padEnd(BEGIN) + description : `  ${term}\n      ${description}`;
  return [
    'Usage: degelo [options] [command]',
    '',
    broken(ABOUT, Math.min(columns, 72)),
    '',
    'Options:',
    ...OPTIONS.map(row),
    '',
    'Commands:',
    ...COMMANDS.map(row),
    '',
    broken('degelo COMMAND --help lists the options of a command.', columns),
    '',
  ].join('\n');
}

/** Whether the program was asked for that and nothing else. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.length === 0 || (args.length === 1 && (args[0] === '--help' || args[0] === '-h'));
}

/** Broken between words. The table's `wrap` isn't imported: this file loads nothing. */
function broken(text: string, columns: number): string {
  return text.replace(new RegExp(`(.{1,${Math.max(1, columns)}})(?: |$)`, 'g'), '$1\n').trimEnd();
}
