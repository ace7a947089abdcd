/**
 * Which files in a run's folder are our own: these and nothing else are ever removed. A name alone is no proof, for a folder
 * called `checkpoint` may be anyone's; the one that we made says so in a file, and holds nothing but what we write.
 */
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readRegularFile } from '../data/regular-file.ts';
import { MODEL_FILE, WEIGHTS_FILE } from '../formats/model.ts';

export const MARKER = 'degelo.txt';
export const MARKER_TEXT =
  'What a run of degelo needs to go on (degelo transfer --resume). It goes away when the run is done.\n';
export const RESULTS = 'results';
export const REPLACED = 'replaced';
export const FEATURES = 'features';
export const SOURCE = 'source.safetensors';
export const RESULT = 'result.json';
export const CHECKPOINT = /^checkpoint-\d+\.safetensors$/;

/** The folders of models that `transfer` and `finetune` write. */
const MODELS = ['source-model', 'target-model', 'head-model', 'model'];
const MODEL_FILES = [MODEL_FILE, WEIGHTS_FILE];
const RESULT_FILES = [RESULT, 'details.json', 'report.html', 'report.txt'];
/** Features of some photos, as `finetune` keeps them. */
const FEATURE_FILE = /^features-\d+\.safetensors$/;
/** A file while it is written: `.result.json.….partial`. */
const PARTIAL = /^\.(.+)\.[^.]+\.partial$/;

/** What a folder of a run holds. */
interface Found {
  /** Paths of our own, what is in a folder before the folder. */
  readonly own: readonly string[];
  /** The first that isn't, as a path within the folder; null: there is none. */
  readonly foreign: string | null;
}

/** Looks `checkpoint/` over. Without our marker all that is in it is someone else's. */
export function lookOver(work: string): Found {
  const own: string[] = [];
  const foreign: string[] = [];
  const look = (folder: string, isOwnFile: (name: string) => boolean, folders: readonly string[]): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const stats = lstatSync(path);
      if (stats.isDirectory() && folders.includes(name)) {
        if (MODELS.includes(name)) look(path, isOneOf(MODEL_FILES), []);
        else if (name === FEATURES) look(path, (file) => FEATURE_FILE.test(file), []);
        else look(path, isOneOf(RESULT_FILES), MODELS);
        own.push(path);
      } else if (stats.isFile() && isOwnFile(PARTIAL.exec(name)?.[1] ?? name)) own.push(path);
      else foreign.push(path);
    }
  };
  look(work, (name) => name === SOURCE || name === MARKER || CHECKPOINT.test(name), [
    RESULTS,
    REPLACED,
    FEATURES,
  ]);
  if (!isMarked(work)) return { own: [], foreign: namesIn(work)[0] ?? null };
  return {
    own: own.filter((path) => path !== join(work, MARKER)),
    foreign: foreign.length > 0 ? relative(work, foreign[0]) : null,
  };
}

/** Removes files, and folders that are empty then. */
export function removeAll(paths: readonly string[]): void {
  for (const path of paths) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats?.isDirectory()) rmSync(path, { force: true });
    else {
      try {
        rmdirSync(path);
      } catch {
        // Others put something there: it is theirs.
      }
    }
  }
}

/** The marker's text, or its beginning: the power may have failed as it was written. */
function isMarked(work: string): boolean {
  try {
    const fail = (problem: string): Error => new Error(problem);
    const bytes = readRegularFile(join(work, MARKER), fail, MARKER_TEXT.length);
    return MARKER_TEXT.startsWith(new TextDecoder().decode(bytes));
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

function isOneOf(names: readonly string[]): (name: string) => boolean {
  return (name) => names.includes(name);
}
