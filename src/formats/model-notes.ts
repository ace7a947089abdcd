/**
 * What a model's user says of it, in the files of others: the names of its classes, and which images it takes. Their readers pass over it.
 *
 *   .keras                    metadata.json     { "keras_version": …, "degelo": { "classNames": ["cat", "dog"], "imageInput": { … } } }
 *   TensorFlow.js' LayersModel  model.json      "userDefinedMetadata": { "degelo": { … } }, which TensorFlow.js hands on
 *
 * degelo's own format has both fields by themselves.
 */
import type { ImageInput } from '../model/preprocessing.ts';
import { type FieldReader, isNames } from './fields.ts';
import { isObject, type JsonObject } from './json.ts';

/** What is kept; Model has both. */
export interface ModelNotes {
  /** The names of the classes that its outputs stand for; null: they have none. */
  readonly classNames?: readonly string[] | null;
  /** Which images it takes; null: nobody said it. */
  readonly imageInput?: ImageInput | null;
}

/** What a file has of them: nothing, where nobody said anything. */
export interface WrittenNotes {
  readonly classNames?: readonly string[];
  readonly imageInput?: ImageInput;
}

export function writtenNotes({ classNames, imageInput }: ModelNotes): WrittenNotes {
  return { ...(classNames && { classNames }), ...(imageInput && { imageInput }) };
}

/** @param where before the fields' names in messages, as `degelo.` */
export function readNotes(root: JsonObject, field: FieldReader, where = ''): WrittenNotes {
  return {
    ...(root.classNames !== undefined && {
      classNames: field(`${where}classNames`, root.classNames, 'a list of names', isNames),
    }),
    // What must be in it, makeModel says, which knows the model's input.
    ...(root.imageInput !== undefined && {
      imageInput: field(
        `${where}imageInput`,
        root.imageInput,
        'an object',
        isObject,
      ) as unknown as ImageInput,
    }),
  };
}

const OURS = 'degelo';

/** The same within an object of another library's file: one field, or none. */
export function foreignNotes(model: ModelNotes): JsonObject {
  const notes = writtenNotes(model);
  return Object.keys(notes).length > 0 ? { [OURS]: notes } : {};
}

/** What foreignNotes gave; other programs' fields are theirs. */
export function readForeignNotes(root: unknown, field: FieldReader, where = ''): WrittenNotes {
  if (!isObject(root) || root[OURS] === undefined) return {};
  const notes = field(`${where}${OURS}`, root[OURS], 'an object', isObject);
  return readNotes(notes, field, `${where}${OURS}.`);
}
