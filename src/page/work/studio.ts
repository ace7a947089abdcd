/**
 * What a Worker does for the page: the whole library runs in it, so that the page itself never computes. The page calls these
 * methods by Comlink as if they were its own. One studio serves the page; each of the three ways has one beside it.
 */
import { threadsHere } from '#pool';
import type { ImagePixels } from '../../data/pixels.ts';
import { selectClasses } from '../../data/split.ts';
import type { Half } from '../../experiment/phase.ts';
import { readMnist } from '../../formats/mnist-web.ts';
import type { Model } from '../../training/model.ts';
import type { Look, Looker } from './look.ts';
import type { Snapshot } from './network.ts';
import type { BaseInfo, Learnt, OwnClasses, Sample } from './own-classes.ts';
import type { Picture } from './photo.ts';
import { type Start, type Tiles, type Trained, type TrainingEvent, tilesOf, trainWay } from './train.ts';
import { WAYS, type WayName } from './ways.ts';

/** The name under which the user's own classes are kept in IndexedDB. */
const KEPT = 'watch it thaw: own classes';

/** A drawing or photo that a class has, by its number. */
type SampleId = number;

/** A model that can be tried: how many classes it tells apart, and their names, where they are known. */
export interface Loaded {
  readonly classes: number;
  readonly names: readonly string[] | null;
  readonly forPhotos: boolean;
}

export class Studio {
  readonly #halves = new Map<string, Promise<Half>>();
  readonly #shown = new Map<WayName, Snapshot>();
  readonly #lookers = new Map<WayName, Looker>();
  readonly #features = new Map<SampleId, Sample['features']>();
  #own: OwnClasses | null = null;
  /** A model that was kept or comes from a file: it can be tried, and not be taught. */
  #loaded: Model | null = null;
  #stop = new AbortController();
  /** Who asked for images last. */
  #tell = (_share: number): void => {};
  #nextId: SampleId = 0;

  /** Threads that a training may use here, and why none. */
  threads(): { threads: number; reason: string | null } {
    const { threads, reason } = threadsHere();
    return { threads, reason };
  }

  /**
   * Test digits of a way, to be shown.
   * @param tell hears how much of the images has come, from 0 to 1
   * @throws DataError where the images can't be had.
   */
  async tiles(way: WayName, tell: (share: number) => void): Promise<Tiles> {
    const { digits } = WAYS[way];
    this.#tell = tell;
    return tilesOf((await this.#half(digits)).test, digits);
  }

  /** Trains in one of the ways; `stop` ends it with an AbortError. */
  async train(
    way: WayName,
    start: Start,
    settings: { readonly epochs: number; readonly seed: number; readonly threads: number },
    tell: (event: TrainingEvent) => void,
  ): Promise<Trained> {
    this.#stop = new AbortController();
    const half = await this.#half(WAYS[way].digits);
    return trainWay(way, start, half, settings, tell, this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Keeps a trained network to look into. What does that is loaded where somebody looks: no training is lost where it doesn't come. */
  async show(way: WayName, snapshot: Snapshot): Promise<void> {
    this.#shown.set(way, snapshot);
    const before = this.#lookers.get(way);
    this.#lookers.delete(way);
    await before?.dispose();
  }

  /** @throws DataError where nothing is drawn, Error where that network isn't trained. */
  async look(way: WayName, pixels: ImagePixels): Promise<Look> {
    const { Looker } = await import('./look.ts');
    const snapshot = this.#shown.get(way);
    if (!snapshot) throw new Error(`the network ${way} isn't trained yet`);
    const looker = this.#lookers.get(way) ?? new Looker(snapshot, WAYS[way].digits);
    this.#lookers.set(way, looker);
    return looker.look(pixels);
  }

  /** Own classes begin anew, on the features of a network that the page trained, or of one from a file. */
  async begin(base: Snapshot | readonly File[]): Promise<BaseInfo> {
    const { OwnClasses } = await import('./own-classes.ts');
    const own = isFiles(base) ? OwnClasses.ofPhotos(await modelIn(base)) : OwnClasses.ofDigits(base);
    this.#own = own;
    this.#features.clear();
    return own.info;
  }

  /** @throws DataError where nothing is drawn, Error where a file is no image. */
  async add(picture: Picture): Promise<{ id: SampleId; thumbnail: Sample['thumbnail'] }> {
    const { features, thumbnail } = await this.#expectOwn().sample(picture);
    const id = this.#nextId++;
    this.#features.set(id, features);
    return { id, thumbnail };
  }

  forget(ids: readonly SampleId[]): void {
    for (const id of ids) this.#features.delete(id);
  }

  async learn(
    classes: readonly { readonly name: string; readonly ids: readonly SampleId[] }[],
  ): Promise<Learnt> {
    const withFeatures = classes.map(({ name, ids }) => ({
      name,
      samples: ids.flatMap((id) => this.#features.get(id) ?? []),
    }));
    const learnt = await this.#expectOwn().learn(withFeatures);
    this.#loaded = null;
    return learnt;
  }

  /** Probabilities of what was learnt or loaded, whichever came later. Throws as `add` does. */
  async guess(picture: Picture): Promise<number[]> {
    const { probabilitiesOf } = await import('./own-classes.ts');
    return probabilitiesOf(this.#model, picture);
  }

  /** Keeps the own classes in this browser. @param names of its classes as they are shown; null: nobody named them */
  async keep(names: readonly string[] | null): Promise<void> {
    const { storeModel } = await import('./any-model.ts');
    await storeModel(KEPT, this.#named(names));
  }

  /** The own classes as a file of Keras, in which their names are too. @param names as in `keep` */
  async file(names: readonly string[] | null): Promise<Uint8Array<ArrayBuffer>> {
    const { encodeKeras } = await import('../../formats/keras-write.ts');
    return encodeKeras(this.#named(names), 'own-classes.keras') as Uint8Array<ArrayBuffer>; // shared with nobody
  }

  /**
   * Takes what was kept, or a file of the user's, which may be for drawings or for photos.
   * @returns null: nothing was kept
   */
  async load(files: readonly File[] | null): Promise<Loaded | null> {
    const model = files ? await modelIn(files) : await kept();
    if (!model) return null;
    const { expectClassifier, isForPhotos } = await import('./own-classes.ts');
    expectClassifier(model);
    this.#loaded = model;
    return { classes: model.outputShape[0], names: model.classNames, forPhotos: isForPhotos(model) };
  }

  #named(names: readonly string[] | null): Model {
    const model = this.#model;
    model.classNames = names;
    return model;
  }

  get #model(): Model {
    const model = this.#loaded ?? this.#own?.model;
    if (!model) throw new Error('there are no classes yet: draw some of each, and let it learn');
    return model;
  }

  #expectOwn(): OwnClasses {
    if (!this.#own) throw new Error('there are no features yet: train the digits 5–9 first');
    return this.#own;
  }

  /** Five digits, loaded once. */
  #half(digits: readonly number[]): Promise<Half> {
    const key = digits.join();
    let half = this.#halves.get(key);
    if (!half) {
      const shared = typeof SharedArrayBuffer !== 'undefined';
      half = readMnist(undefined, (bytes, total) => total && this.#tell(bytes / total)).then((data) => {
        const [train, test] = [data.train, data.test].map((part) => selectClasses(part, digits, { shared }));
        return { digits, train, test };
      });
      // The next call tries again: the server may be back.
      half.catch(() => this.#halves.delete(key));
      this.#halves.set(key, half);
    }
    return half;
  }
}

function isFiles(base: Snapshot | readonly File[]): base is readonly File[] {
  return Array.isArray(base);
}

async function modelIn(files: readonly File[]): Promise<Model> {
  const { modelOfFiles } = await import('./any-model.ts');
  return modelOfFiles(files);
}

async function kept(): Promise<Model | null> {
  const { listStoredModels, loadStoredModel } = await import('./any-model.ts');
  return (await listStoredModels()).includes(KEPT) ? loadStoredModel(KEPT) : null;
}
