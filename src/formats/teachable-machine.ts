/**
 * What Google's Teachable Machine puts beside a model of images that it exports for TensorFlow.js: metadata.json, with the names of the classes.
 *
 *     { "packageName": "@teachablemachine/image", "labels": ["cat", "dog"], "imageSize": 224, … }
 *
 * Its models take photos in numbers from −1 to 1. Source: github.com/googlecreativelab/teachablemachine-community, libraries/image/src.
 */
import { isNames } from './fields.ts';
import { isObject, type JsonObject, parseJsonObject } from './json.ts';
import type { WrittenNotes } from './model-notes.ts';

export const METADATA_FILE = 'metadata.json';
/** The most bytes of it that are read. */
export const MAX_METADATA = 100_000;

/** What is said of a model where this was done. */
export const METADATA_REMARK =
  "names of classes, and photos in numbers from -1 to 1, are from Teachable Machine's metadata.json";

/** Whether a topology is made as Teachable Machine makes them: a row of two rows, a MobileNet's features and a classifier. */
export function isOfTwoRows({ class_name, config }: JsonObject): boolean {
  const layers = isObject(config) && Array.isArray(config.layers) ? config.layers : [];
  return (
    [{ class_name }, ...layers].every((layer) => isObject(layer) && layer.class_name === 'Sequential') &&
    layers.length === 2
  );
}

/** The notes in metadata.json; none where another program wrote it. */
export function readMetadata(json: string): WrittenNotes {
  try {
    const { packageName, labels } = parseJsonObject(json, METADATA_FILE, MAX_METADATA);
    const isOfImages = packageName === '@teachablemachine/image' && isNames(labels);
    return isOfImages ? { classNames: labels, imageInput: { content: 'photo', preprocessing: 'tf' } } : {};
  } catch {
    return {}; // no JSON: what it is, its program knows
  }
}
