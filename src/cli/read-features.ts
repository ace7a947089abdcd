/** Features that `degelo features` computed, from its folders or from what it merged. */
import { isFolder, readWholeFile } from '#files';
import { decodeFeatureCell, FEATURE_CELLS } from '../experiment/finetune/feature-cells.ts';
import { FeatureSet } from '../experiment/finetune/feature-set.ts';
import { weightsFormatOf } from '../formats/weights-file.ts';
import { readCellFolders } from './cell-folder.ts';
import { UsageError } from './usage.ts';

/** @throws UsageError where it is neither, FormatError where a file is damaged, RangeError where cells are missing. */
export async function readFeatures(place: string): Promise<FeatureSet> {
  if (await isFolder(place)) return readFeatureFolders([place], '--features');
  const format = weightsFormatOf(place);
  if (!format) {
    throw new UsageError(`--features: expected a folder, or a .safetensors or .npz file, got ${place}`);
  }
  return new FeatureSet([
    { file: place, content: decodeFeatureCell(await readWholeFile(place), place, format) },
  ]);
}

/** @param option what messages begin with */
export async function readFeatureFolders(places: readonly string[], option: string): Promise<FeatureSet> {
  const { cells, jobs } = await readCellFolders(places, FEATURE_CELLS, option);
  return new FeatureSet(cells, jobs);
}
