/** What `degelo study` computes, cell by cell, and how it tells of that. */
import { loadMnist } from '../data/source.ts';
import type { ClassOptions } from '../experiment/classes.ts';
import { type CellRecord, StudyTrainer } from '../experiment/study.ts';
import { STUDY_CELLS } from '../experiment/study-file.ts';
import { cellCount, cellName, partOf, type Study } from '../experiment/study-grid.ts';
import { formatDuration } from '../report/format.ts';
import { LANGUAGES } from '../report/messages.ts';
import { cellSeconds, cellTitle } from '../report/study.ts';
import { type CellFiles, CellFolder, readCellFolders } from './cell-folder.ts';
import { computeCells } from './compute-cells.ts';
import { onSuddenExit } from './exits.ts';
import { Screen } from './screen.ts';
import type { StudyFlags } from './study-flags.ts';
import { UsageError } from './usage.ts';

/**
 * Trains the cells of a study, or of one part of it, that aren't there.
 * @returns all cells then; null for a part
 * @throws UsageError where there are more parts than cells, and what reading, training and writing throw.
 */
export async function compute(
  flags: StudyFlags,
  classes: ClassOptions,
): Promise<CellFiles<Study, CellRecord> | null> {
  const screen = new Screen(process.stderr, { quietUnlessTerminal: flags.json ?? false });
  try {
    return await computeOn(screen, flags, classes);
  } finally {
    screen.clear();
  }
}

async function computeOn(
  screen: Screen,
  flags: StudyFlags,
  classes: ClassOptions,
): Promise<CellFiles<Study, CellRecord> | null> {
  const t = LANGUAGES[flags.lang];
  screen.show(() => t.readingImages);
  const { cell, out, reverse, seeds, learningRates, samples, epochs, batchSize, kernel } = flags;
  // A task of many has a core of its own, if that.
  const threads = flags.threads ?? (cell && 1);
  const trainer = new StudyTrainer({
    ...{ seeds, learningRates, samples, epochs, batchSize, kernel },
    data: loadMnist(flags.data),
    ...classes,
    directions: reverse ? ['reverse'] : flags.directions,
    ...(threads && { threads }),
  });
  const { study } = trainer;
  const count = cellCount(study);
  if (cell && cell.parts > count) {
    throw new UsageError(
      `--cell: there must be a cell for each part: expected i/n with n ≤ ${count}, got n = ${cell.parts}`,
    );
  }
  const { from, to } = cell ? partOf(study, cell.part, cell.parts) : { from: 0, to: count };
  const folder = out === undefined ? null : await CellFolder.open(out, STUDY_CELLS, study);
  const forget = onSuddenExit(() => (folder ? t.study.goesOn : undefined));
  try {
    const indices = Array.from({ length: to - from }, (_, i) => from + i);
    const begin = performance.now();
    let trained = 0;
    const made = await computeCells(indices, folder, screen, t, async (index, there) => {
      const name = cellTitle(study, index, t);
      if (there) return { cell: null, line: t.study.thereAlready(name) };
      const minutes = (performance.now() - begin) / 60_000;
      const left =
        trained > 0 ? `, ${t.study.minutesLeft(Math.ceil((minutes / trained) * (to - index)))}` : '';
      const record = await trainer.train(index, {
        onTraining: (what) =>
          screen.show((columns) =>
            `${index + 1 - from}/${to - from} ${name}: ${t.study.training[what]}${left}`.slice(0, columns),
          ),
      });
      trained++;
      return { cell: record, line: `${name}: ${formatDuration(cellSeconds(record), t.locale)}` };
    });
    if (cell) return null;
    if (out !== undefined) return await readCellFolders([out], STUDY_CELLS);
    const cells = made.map((content) => ({ file: cellName(study, content.index), content }));
    return { cells, jobs: [] };
  } finally {
    forget();
  }
}
