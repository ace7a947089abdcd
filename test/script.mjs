/** What a script of these folders is given, so that all of them answer alike. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * The script's options, as parseArgs gives them. `--help` prints the comment at the script's top, and ends; what it doesn't know is one line
 * on stderr, and exit code 2. So is what isn't a number, of an option whose default is one.
 *
 * @template {import('node:util').ParseArgsOptionsConfig} Options
 * @param {string} url the script's import.meta.url
 * @param {Options} options
 */
export function scriptOptions(url, options) {
  const file = fileURLToPath(url);
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
    for (const [name, { default: usual }] of Object.entries(options)) {
      const isCount = typeof usual === 'string' && usual !== '' && Number(usual) >= 0;
      if (isCount && !(Number(values[name] || 'none') >= 0)) {
        throw new RangeError(`--${name} must be a number ≥ 0, got '${values[name]}'`);
      }
    }
    if (!values.help) return values;
    console.log(topComment(readFileSync(file, 'utf8')));
    process.exit(0);
  } catch (error) {
    // The first sentence says what is wrong; others are about positional arguments.
    console.error(`${basename(file)}: ${error.message.split('. ')[0]}; --help shows what there is`);
    process.exit(2);
  }
}

/** The text of a comment such as the one above, without its stars. */
function topComment(source) {
  const [, text] = /^\/\*\*\n?([\s\S]*?)\*\//.exec(source) ?? ['', ''];
  return text.replace(/^ \* ?/gm, '').trim();
}
