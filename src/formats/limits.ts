/** What bounds every saved model, whatever wrote it. */

/** The most layers of a model that is read; the largest of Keras' own has 1,041. Each is compared with all before it. */
export const MAX_LAYERS = 4096;
