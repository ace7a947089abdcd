/**
 * What `degelo --help` prints. A text by itself, there as soon as Node is: loading commander and all commands takes
 * half as long again. A test compares it with the commands.
 */
export const HELP = `Usage: degelo [options] [command]

Transfer learning in pure TypeScript: train a CNN, freeze its features,
fine-tune the rest.

Options:
  -V, --version                          print the version
  --verbose                              print the stack trace of an error
  -h, --help                             print this help

Commands:
  transfer [options]                     train, freeze features, fine-tune
  evaluate [options] <model>             test a saved model on a data set
  predict [options] <model> <images...>  say what a saved model sees in images
  data                                   fetch a data set, or look one over
  report [options] <folder...>           draw report.html of saved runs again
  summary [options]                      print the experiment's model, by layers
  gradcheck [options]                    compare every gradient with differences
  study [options]                        does transfer really help?
  convert [options] <from> <to>          convert a model to another format
  help [command]                         display help for command

degelo COMMAND --help lists the options of a command.
`;

/** Whether the program was asked for that and nothing else. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.length === 0 || (args.length === 1 && (args[0] === '--help' || args[0] === '-h'));
}
