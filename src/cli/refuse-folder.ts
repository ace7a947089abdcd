/** A folder in place of an image. */
import { DataError } from '../data/errors.ts';
import { statOrNull } from '../data/file.ts';

/** @throws DataError where an image is a folder, which evaluate takes, since it has classes to compare with. */
export function refuseFolder(file: string): void {
  if (!statOrNull(file)?.isDirectory()) return;
  throw new DataError(file, 'is a folder: name the images in it; evaluate --images takes folders of photos');
}
