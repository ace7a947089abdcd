/** Part 5: classes of one's own, by drawings or photos, learnt on frozen features. */
import { formatDuration, formatInteger, formatPercent } from '../../report/format.ts';
import { html, type Markup } from '../../report/html/markup.ts';
import type { App } from '../app.ts';
import { PageError, reasonOf, t } from '../language.ts';
import type { Messages, Words } from '../messages.ts';
import { barsOf, indexOfLargest } from '../view/bars.ts';
import { $, button, canvas, put, say, setHidden } from '../view/dom.ts';
import { Pad, pixelsOfDrawing } from '../view/pad.ts';
import { attempt, NOTHING, status } from '../view/status.ts';
import type { Drawing } from '../view/strokes.ts';
import type { Snapshot } from '../work/network.ts';
import type { BaseInfo } from '../work/own-classes.ts';
import type { Picture } from '../work/photo.ts';
import { SIDE } from '../work/ways.ts';
import { Camera } from './camera.ts';
import { fileReason } from './file-reasons.ts';
import { keepDrawings, keptDrawings } from './kept-drawings.ts';
import { showCards } from './own-cards.ts';
import {
  type Example,
  fileNameOf,
  inSentence,
  type KeptClass,
  type NamedClass,
  namesIn,
  OwnList,
  translated,
} from './own-list.ts';

const STATUS = 'own-status';

/** Classes that are named and shown with their probabilities; of more, the likeliest. */
const MOST = 12;

/** Where a downloaded file's bytes are forgotten again: browsers have begun by then. */
const KEPT = 60_000;

export function startOwn(app: App): void {
  new Own(app).start();
}

/** A class that the network tells apart; where nobody named it, its number stands for its name. */
interface Known {
  name: string;
  readonly number: number;
}

const nameOf = ({ name, number }: Known): string => name || t().unnamed(number);
const named = (known: Known): string => inSentence(nameOf(known));

class Own {
  readonly #app: App;
  readonly #list = new OwnList();
  readonly #camera = new Camera();
  readonly #pad: Pad;
  /** What the features are of; null: drawings, on the page's own network. */
  #base: BaseInfo | null = null;
  /** The Worker that has the features, by its number; 0: none has. */
  #generation = 0;
  #gettingReady: Promise<void> | null = null;
  /** The drawings that there were before a network for photos was handed in. */
  #drawings: readonly KeptClass[] = [];
  /** The classes that were learnt, or loaded: in the order of the network's outputs. */
  #known: readonly Known[] = [];
  /** They are told apart in photos, not in drawings. */
  #knowsPhotos = false;
  /** The Worker that knows them, by its number. */
  #knownIn = 0;
  #shares: readonly number[] = [];
  /** What classes are called at first, in the language in which they were shown last. */
  #defaults: readonly string[] = t().defaultNames;
  /** Why drawings aren't kept; null: they are, as far as is known. */
  #notKept: Words | null = null;

  constructor(app: App) {
    this.#app = app;
    this.#pad = new Pad(canvas('own-pad'), () => void this.#guess());
  }

  start(): void {
    for (const name of this.#defaults) this.#list.add(name);
    this.#list.chosen = this.#list.classes[0];
    onPress('own-add', () => this.#addDrawing());
    onPress('take-photo', () => this.#addOne(this.#camera.frame(), null));
    onPress('camera', () => this.#toggleCamera());
    onPress('download', () => this.#download());
    onPress('learn', () => shown(this.#learn()));
    onPress('keep', () => shown(this.#keep()));
    onPress('load-kept', () => shown(this.#load(null)));
    onPress('digits-again', () => shown(this.#useBase(null)));
    button('own-undo').addEventListener('click', () => this.#pad.undo());
    button('own-clear').addEventListener('click', () => this.#pad.clear());
    button('add-class').addEventListener('click', () => {
      this.#list.add('');
      this.#changed();
    });
    onFiles('photos', (files) => this.#addPhotos(files));
    onFiles('try-photo', async ([file]) => this.#tell(await this.#ask(file)));
    onFiles('upload', (files) => this.#load(files));
    onFiles('base', (files) => this.#useBase(files));
    canvas('own-pad').addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') button('own-add').click();
    });
    this.#app.runs.onChange(() => this.#show());
    void this.#restore();
  }

  /** Drawings of an earlier visit are there again. Where the browser keeps none, the page begins as it does the first time. */
  async #restore(): Promise<void> {
    const kept = await keptDrawings().catch(() => null);
    // Unless somebody was quicker.
    if (!kept || this.#list.examples > 0) return;
    this.#take(kept);
    this.#show();
  }

  #take(drawings: readonly KeptClass[]): void {
    this.#list.restore(drawings, (drawing) => ({ side: SIDE, data: pixelsOfDrawing(drawing, SIDE).data }));
  }

  #changed(): void {
    this.#show();
    this.#keepDrawings();
  }

  /** Photos aren't kept; the drawings that were there before them stay as they were. */
  #keepDrawings(): void {
    if (this.#base) return;
    keepDrawings(this.#list.kept).then(
      () => {
        if (!this.#notKept) return;
        this.#notKept = null;
        this.#show();
      },
      (error: unknown) => {
        if (this.#notKept) return;
        const reason = reasonOf(error);
        this.#notKept = (m) => m.notKept(reason(m));
        status(STATUS, this.#notKept, true);
        this.#show();
      },
    );
  }

  /** The Worker knows the features, after this, and those of all drawings. Whoever asks meanwhile waits for the same. */
  #ready(): Promise<void> {
    this.#gettingReady ??= this.#getReady().finally(() => {
      this.#gettingReady = null;
    });
    return this.#gettingReady;
  }

  async #getReady(): Promise<void> {
    await this.#app.ready();
    if (this.#generation === this.#app.generation) return;
    if (this.#base) {
      // The network for photos, and theirs, are gone with the Worker that had them.
      this.#toDrawings();
      this.#show();
      throw new PageError(({ workerDied }) => workerDied);
    }
    const snapshot = this.#app.shown.get('source') ?? (await this.#trained());
    await this.#app.call((studio) => studio.begin(snapshot));
    for (const { examples } of this.#list.classes) {
      for (const example of [...examples]) {
        const { drawing } = example;
        const again = drawing && (await this.#example(pixelsOfDrawing(drawing), drawing));
        // It may have been taken back meanwhile. Of photos only the old Worker knew.
        const at = examples.indexOf(example);
        if (at < 0) continue;
        if (again) examples[at] = again;
        else examples.splice(at, 1);
      }
    }
    this.#generation = this.#app.generation;
  }

  /** Drawings are learnt again, those that there were. */
  #toDrawings(): void {
    this.#base = null;
    this.#generation = 0;
    this.#known = [];
    this.#take(this.#drawings);
  }

  async #example(picture: Picture, drawing: Drawing | null): Promise<Example> {
    return { ...(await this.#app.call((studio) => studio.add(picture))), drawing };
  }

  /** The class that examples go to. */
  #into(): NamedClass {
    return this.#list.chosen ?? this.#list.add('');
  }

  async #trained(): Promise<Snapshot> {
    status(STATUS, (m) => m.needsSource);
    const snapshot = await this.#app.ensureSource();
    status(STATUS, NOTHING);
    return snapshot;
  }

  async #addDrawing(): Promise<void> {
    if (this.#pad.isEmpty) {
      status(STATUS, (m) => m.nothingDrawn);
      return;
    }
    status(STATUS, NOTHING);
    const { pixels, drawing } = this.#pad;
    // At once: the next one may be begun.
    this.#pad.clear();
    try {
      await this.#addOne(pixels, drawing);
    } catch (error) {
      this.#pad.putBack(drawing);
      throw error;
    }
  }

  async #addOne(picture: Picture, drawing: Drawing | null): Promise<void> {
    const into = this.#into();
    await this.#add(picture, drawing, into);
    status(STATUS, this.#added(1, into));
  }

  #added(count: number, into: NamedClass): Words {
    return (m) => m.added(count, named(this.#asKnown(into)));
  }

  /** Adds an example to a class. @param drawing null: a photo */
  async #add(picture: Picture, drawing: Drawing | null, into: NamedClass): Promise<void> {
    await this.#ready();
    into.examples.push(await this.#example(picture, drawing));
    this.#changed();
  }

  /** Photos that can't be read are named, and the others added. */
  async #addPhotos(files: readonly File[]): Promise<void> {
    status(STATUS, (m) => m.reading(files.length));
    await this.#ready();
    const into = this.#into();
    const skipped: Words[] = [];
    for (const file of files) {
      try {
        await this.#add(file, null, into);
      } catch (error) {
        const reason = reasonOf(error);
        skipped.push((m) => m.skipped(file.name, reason(m)));
      }
    }
    const added = this.#added(files.length - skipped.length, into);
    status(STATUS, (m) => [added, ...skipped].map((words) => words(m)).join(' '), skipped.length > 0);
  }

  async #learn(): Promise<void> {
    const { taught } = this.#list;
    const sameName = this.#list.sameName((each) => nameOf(this.#asKnown(each)));
    if (taught.length < 2) status(STATUS, (m) => m.needTwo, true);
    else if (sameName !== null) status(STATUS, (m) => m.sameName(inSentence(sameName)), true);
    else {
      await this.#ready();
      const { examples } = this.#list;
      status(STATUS, (m) => m.learning(examples));
      const known = taught.map((each) => this.#asKnown(each));
      const classes = taught.map(({ examples }, i) => ({
        name: nameOf(known[i]),
        ids: examples.flatMap(({ id }) => id ?? []),
      }));
      const { right, samples, seconds } = await this.#app.call((studio) => studio.learn(classes));
      this.#knows(known, this.#base !== null);
      status(STATUS, (m) => {
        const learnt = m.learnt(right, samples, formatDuration(seconds, m.locale));
        return `${learnt} ${this.#toTry(m)}`;
      });
      await this.#guess();
      this.#show();
    }
  }

  #asKnown(each: NamedClass): Known {
    return { name: each.name, number: this.#list.classes.indexOf(each) + 1 };
  }

  #knows(known: readonly Known[], photos: boolean): void {
    this.#known = known;
    this.#shares = [];
    this.#knowsPhotos = photos;
    this.#knownIn = this.#app.generation;
  }

  #toTry({ drawToTry, photoToTry }: Messages): string {
    return this.#knowsPhotos ? photoToTry : drawToTry;
  }

  /** @throws PageError where there are no classes, or the Worker ended that knew them. */
  async #expectKnown(): Promise<void> {
    await this.#app.ready();
    if (this.#known.length === 0) throw new PageError(({ needTwo }) => needTwo);
    if (this.#knownIn === this.#app.generation) return;
    this.#known = [];
    this.#show();
    throw new PageError(({ learnAgain }) => learnAgain);
  }

  /** What the classes say to the drawing, as soon as there are classes. */
  async #guess(): Promise<void> {
    if (this.#known.length === 0 || this.#knowsPhotos || this.#pad.isEmpty) return;
    await attempt(STATUS, async () => this.#tell(await this.#ask(this.#pad.pixels)));
  }

  async #ask(picture: Picture): Promise<number[]> {
    await this.#expectKnown();
    return this.#app.call((studio) => studio.guess(picture));
  }

  #tell(shares: readonly number[]): void {
    this.#shares = shares;
    const best = indexOfLargest(shares);
    const known = this.#known;
    status(STATUS, (m) => m.itSays(named(known[best]), formatPercent(shares[best], m.locale)));
    this.#show();
  }

  async #toggleCamera(): Promise<void> {
    if (this.#camera.isOpen) this.#camera.close();
    else {
      try {
        await this.#camera.open();
      } catch (error) {
        const reason = reasonOf(error);
        status(STATUS, (m) => m.noCamera(reason(m)), true);
      }
    }
    this.#show();
  }

  /** Of the classes that are known, as they are shown; null: nobody named one. */
  #names(): string[] | null {
    return this.#known.some(({ name }) => name) ? this.#known.map(nameOf) : null;
  }

  async #keep(): Promise<void> {
    await this.#expectKnown();
    try {
      await this.#app.call((studio) => studio.keep(this.#names()));
    } catch (error) {
      const reason = reasonOf(error);
      status(STATUS, (m) => `${m.failed(reason(m))}. ${m.asFile}`, true);
      return;
    }
    status(STATUS, (m) => m.kept);
  }

  async #download(): Promise<void> {
    await this.#expectKnown();
    const bytes = await this.#app.call((studio) => studio.file(this.#names()));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = fileNameOf(this.#known.map(nameOf));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
  }

  /** Takes a model of the user's, or the one that was kept, to try it. */
  async #load(files: readonly File[] | null): Promise<void> {
    status(STATUS, files ? (m) => m.loadingBase : NOTHING);
    const load = () => this.#app.call((studio) => studio.load(files));
    const loaded = await (files ? reading(files, load) : load());
    if (!loaded) throw new PageError(({ nothingKept }) => nothingKept);
    const { classes, names, forPhotos } = loaded;
    const found = names ?? namesIn(files?.[0].name ?? '', classes);
    const known = Array.from({ length: classes }, (_, i) => ({ name: found?.[i] ?? '', number: i + 1 }));
    this.#knows(known, forPhotos);
    status(STATUS, (m) => {
      const some = known.slice(0, MOST).map(named).join(', ');
      return `${m.loaded(classes > MOST ? `${some} …` : some)} ${this.#toTry(m)}`;
    });
    await this.#guess();
    this.#show();
  }

  /** Begins anew on a network that is handed in, or on the page's own. */
  async #useBase(files: readonly File[] | null): Promise<void> {
    status(STATUS, files ? (m) => m.loadingBase : NOTHING);
    // What is about to be there would take the place of this.
    await this.#gettingReady?.catch(() => {});
    if (files) {
      const base = await reading(files, () => this.#app.call((studio) => studio.begin(files)));
      if (!this.#base) this.#drawings = this.#list.kept;
      this.#base = base;
      this.#generation = this.#app.generation;
      for (const each of this.#list.classes) each.examples = [];
      this.#known = [];
    } else {
      this.#toDrawings();
    }
    status(STATUS, files ? (m) => m.addPhotos : NOTHING);
    this.#show();
  }

  #show(): void {
    const { locale } = t();
    this.#translate();
    showCards(this.#list, {
      rename: () => this.#keepDrawings(),
      undo: (from) => this.#forget(this.#list.undo(from)),
      remove: (gone) => this.#forget(this.#list.remove(gone)),
    });
    const base = this.#base;
    say(
      'own-base',
      base
        ? t().baseLoaded(base.name, base.size.join(' × '), formatInteger(base.features, locale))
        : `${t().digitsBase} ${this.#notKept?.(t()) ?? t().keepsDrawings}`,
    );
    setHidden(button('digits-again'), !base, $('base'));
    // The camera's picture stands where drawings are made. A base for photos takes none; classes that were loaded may tell them apart.
    const tries = !base || (this.#known.length > 0 && !this.#knowsPhotos);
    const draws = tries && !this.#camera.isOpen;
    for (const id of ['own-pad', 'own-undo', 'own-clear']) $(id).hidden = !draws;
    $('own-add').hidden = !draws || base !== null;
    button('camera').textContent = this.#camera.isOpen ? t().closeCamera : t().text.camera;
    for (const id of ['keep', 'download', 'try-photo']) {
      ($(id) as HTMLButtonElement).disabled = this.#known.length === 0;
    }
    let rows = this.#known.map((each, i) => [nameOf(each), this.#shares[i] ?? 0] as const);
    if (rows.length > MOST) rows = rows.sort(([, a], [, b]) => b - a).slice(0, MOST);
    const bars = (): Markup =>
      barsOf(
        rows.map(([name]) => name),
        rows.map(([, share]) => share),
        locale,
      );
    put('own-bars', rows.length > 0 ? bars() : html``);
  }

  /** Names that nobody changed follow the language. */
  #translate(): void {
    const { defaultNames } = t();
    for (const each of [...this.#list.classes, ...this.#known]) {
      each.name = translated(each.name, this.#defaults, defaultNames);
    }
    this.#defaults = defaultNames;
  }

  #forget(ids: readonly number[]): void {
    if (ids.length > 0) void attempt(STATUS, () => this.#app.call((studio) => studio.forget(ids)));
    this.#changed();
  }
}

function onPress(id: string, work: () => Promise<void>): void {
  button(id).addEventListener('click', () => void attempt(STATUS, work, button(id)));
}

/** Has `work` called with the files that somebody chose; the same ones may be chosen again. */
function onFiles(id: string, work: (files: readonly File[]) => Promise<void>): void {
  const field = $<HTMLInputElement>(id);
  field.addEventListener('change', () => {
    const files = [...(field.files ?? [])];
    field.value = '';
    if (files.length > 0) void attempt(STATUS, () => shown(work(files)));
  });
}

/** Does what reads networks of these files. @throws PageError in words for people. */
async function reading<T>(files: readonly File[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new PageError(fileReason(error, files, reasonOf(error)));
  }
}

/** Scrolls to the status line where it is out of sight, when there is something to read: on a phone it is far above the last buttons. */
async function shown(work: Promise<void>): Promise<void> {
  try {
    await work;
  } finally {
    // What went wrong is said behind this.
    requestAnimationFrame(() => $(STATUS).scrollIntoView({ block: 'nearest' }));
  }
}
