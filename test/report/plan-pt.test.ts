import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { planInPortuguese } from '../../src/report/messages/plan-pt.ts';
import { degeloHere } from '../cli/degelo.ts';

/** What layers say that they do, and keep: the texts that `work` returns and `keptWhat` holds. */
function textsOfLayers(): string[] {
  const folder = new URL('../../src/layers/', import.meta.url);
  const source = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const places = source.matchAll(
    /work\([^)]*\): string \{\s*return ([^;]+);|keptWhat(?:: string)? = ([^;]+);/g,
  );
  const texts = [...places].flatMap(([place]) =>
    [...place.matchAll(/[ =(]'([^']+)'/g)].map(([, text]) => text),
  );
  return texts.filter((text) => text !== 'winograd' && text !== 'nearest' && text !== 'random');
}

it('everything that a layer says of itself has its Portuguese', () => {
  const texts = [...textsOfLayers(), 'rotation (training only)', 'flip (training only)'];
  expect(texts.length).toBeGreaterThan(30);
  expect(texts.filter((text) => planInPortuguese(text) === text)).toEqual([]);
});

it('the sentence on what is kept, of one stage or of many, wherever they stand', () => {
  const kept = (which: string): string =>
    planInPortuguese(
      `${which} frozen and deterministic: 4,608 features (18 KB) a sample are computed once and kept.`,
    );
  const rest = '4.608 características (18 KB) por amostra são calculadas uma vez e guardadas.';
  expect(kept('The first 2 stages are')).toBe(
    `As primeiras 2 etapas estão congeladas e são determinísticas: ${rest}`,
  );
  expect(kept('The first 1 stage is')).toBe(`A primeira etapa está congelada e é determinística: ${rest}`);
  expect(kept('3 stages are')).toBe(`3 etapas estão congeladas e são determinísticas: ${rest}`);
  expect(kept('1 stage is')).toBe(`1 etapa está congelada e é determinística: ${rest}`);
});

it('degelo summary --plan --lang pt speaks no English', async () => {
  const { stdout } = await degeloHere('summary', '--frozen', '--plan', '--lang', 'pt');
  expect(stdout).toMatch(/Etapa.*Na ida.*Gradientes na volta.*Guardado para a volta/);
  expect(stdout).toContain('uma vez por amostra, depois vem do cache');
  expect(stdout).toContain('As primeiras 2 etapas estão congeladas');
  expect(stdout).not.toMatch(/\b(input|output|weights|nothing|none|stages?|kept|matrix)\b/);
});
