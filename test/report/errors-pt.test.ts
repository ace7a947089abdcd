import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENGLISH_ERRORS, errorInPortuguese } from '../../src/report/messages/errors-pt.ts';
import { MODEL_KINDS } from '../../src/training/saved/kinds.ts';
import { degeloHere } from '../cli/degelo.ts';

const root = new URL('../../', import.meta.url);
const sources = (readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' }) as string[])
  .filter((path) => path.endsWith('.ts') && !path.endsWith('errors-pt.ts'))
  .map((path) => readFileSync(new URL(`src/${path}`, root), 'utf8'))
  .concat(
    ['argument', 'command', 'option', 'suggestSimilar'].map((name) =>
      readFileSync(new URL(`node_modules/commander/lib/${name}.js`, root), 'utf8'),
    ),
  )
  .join('\n')
  .replaceAll("\\'", "'");

describe('errors in Portuguese', () => {
  it.each(ENGLISH_ERRORS)('%s is an error of the program', (english) => {
    // Texts are put together in places: the first words of their longest piece between `{}` is in the sources.
    const [longest] = english.split(/\{\}|: |, |[().']/).sort((a, b) => b.length - a.length);
    const words = longest.trim().split(' ').slice(0, 3).join(' ');
    expect(sources.includes(words), words).toBe(true);
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
