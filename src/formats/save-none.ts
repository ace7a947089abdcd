/** What save-model.ts does where there are no files, as in browsers: so their bundles hold no format that a model is written in. */
import { writeModelFiles } from '#files';
import type { SavableModel } from './model.ts';
import type { Place } from './places.ts';

/** @throws Error always, as writeModelFiles does there: it says what to use instead. */
export async function saveModel(_model: SavableModel, _place: Place): Promise<void> {
  await writeModelFiles('', []);
}
