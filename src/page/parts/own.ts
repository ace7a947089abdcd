/** Part 5: classes of one's own, by drawings or photos, learnt on frozen features. */
import { formatDuration, formatInteger } from '../../report/format.ts';
import type { App } from '../app.ts';
import { PageError, reasonOf, t } from '../language.ts';
import type { Words } from '../messages.ts';
import { $, button, canvas, put, say, setHidden } from '../view/dom.ts';
import { Pad } from '../view/pad.ts';
import { attempt, NOTHING, status } from '../view/status.ts';
import type { Drawing } from '../view/strokes.ts';
import type { Picture } from '../work/photo.ts';
import { Camera } from './camera.ts';
import { keepDrawings, keptDrawings } from './kept-drawings.ts';
import { showCards } from './own-cards.ts';
import { Features } from './own-features.ts';
import { offer, onFiles, onPress, reading, STATUS, shown } from './own-form.ts';
import { type Known, KnownClasses, named, nameOf } from './own-known.ts';
import { fileNameOf, inSentence, type NamedClass, namesIn, OwnList, translated } from './own-list.ts';

export function startOwn(app: App): void {
  new Own(app).start();
}

class Own {
  readonly #app: App;
  readonly #list = new OwnList();
  readonly #camera = new Camera(() => {
    status(STATUS, (m) => m.noCamera(m.cameraEnded), true);
    this.#show();
  });
  /** Tries what the camera sees. It comes with this part, not with index.html, which comes first. */
  readonly #tryFrame = document.createElement('button');
  readonly #pad: Pad;
  readonly #features: Features;
  /** The classes that were learnt, or loaded. */
  readonly #known: KnownClasses;
  /** What classes are called at first, in the language in which they were shown last. */
  #defaults: readonly string[] = t().defaultNames;
  /** Why drawings aren't kept; null: they are, as far as is known. */
  #notKept: Words | null = null;

  constructor(app: App) {
    this.#app = app;
    this.#known = new KnownClasses(app);
    this.#features = new Features(app, this.#list, () => {
      this.#known.forget();
      this.#show();
    });
    this.#pad = new Pad(canvas('own-pad'), () => void this.#guess());
  }

  start(): void {
    for (const name of this.#defaults) this.#list.add(name);
    this.#list.chosen = this.#list.classes[0];
    onPress('own-add', () => this.#addDrawing());
    onPress('take-photo', () => this.#addOne(this.#camera.frame(), null));
    this.#tryFrame.type = 'button';
    button('take-photo').after(this.#tryFrame);
    this.#tryFrame.addEventListener(
      'click',
      () => void attempt(STATUS, async () => this.#ask(this.#camera.frame()), this.#tryFrame),
    );
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
    onFiles('try-photo', ([file]) => this.#ask(file));
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
    this.#features.take(kept);
    this.#show();
  }

  #changed(): void {
    this.#show();
    this.#keepDrawings();
  }

  /** Photos aren't kept; the drawings that were there before them stay as they were. */
  #keepDrawings(): void {
    if (this.#features.base) return;
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

  /** The class that examples go to. */
  #into(): NamedClass {
    return this.#list.chosen ?? this.#list.add('');
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

  async #add(picture: Picture, drawing: Drawing | null, into: NamedClass): Promise<void> {
    await this.#features.add(picture, drawing, into);
    this.#changed();
  }

  /** Photos that can't be read are named, and the others added. */
  async #addPhotos(files: readonly File[]): Promise<void> {
    status(STATUS, (m) => m.reading(files.length));
    await this.#features.ready();
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
      await this.#features.ready();
      const { examples } = this.#list;
      status(STATUS, (m) => m.learning(examples));
      const known = taught.map((each) => this.#asKnown(each));
      const classes = taught.map(({ examples }, i) => ({
        name: nameOf(known[i]),
        ids: examples.flatMap(({ id }) => id ?? []),
      }));
      const { right, samples, seconds } = await this.#app.call((studio) => studio.learn(classes));
      this.#known.set(known, this.#features.base !== null);
      status(STATUS, (m) => {
        const learnt = m.learnt(right, samples, formatDuration(seconds, m.locale));
        return `${learnt} ${this.#known.toTry(m)}`;
      });
      await this.#guess();
      this.#show();
    }
  }

  #asKnown(each: NamedClass): Known {
    return { name: each.name, number: this.#list.classes.indexOf(each) + 1 };
  }

  /** What the classes say to the drawing, as soon as there are classes. */
  async #guess(): Promise<void> {
    if (!this.#known.areForDrawings || this.#pad.isEmpty) return;
    await attempt(STATUS, () => this.#ask(this.#pad.pixels));
  }

  async #ask(picture: Picture): Promise<void> {
    try {
      status(STATUS, await this.#known.ask(picture));
    } finally {
      this.#show();
    }
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

  async #keep(): Promise<void> {
    await this.#known.expect();
    try {
      await this.#app.call((studio) => studio.keep(this.#known.names));
    } catch (error) {
      const reason = reasonOf(error);
      status(STATUS, (m) => `${m.failed(reason(m))}. ${m.asFile}`, true);
      return;
    }
    status(STATUS, (m) => m.kept);
  }

  async #download(): Promise<void> {
    await this.#known.expect();
    const bytes = await this.#app.call((studio) => studio.file(this.#known.names));
    offer(fileNameOf(this.#known.shownNames), bytes);
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
    this.#known.set(known, forPhotos);
    status(STATUS, (m) => `${m.loaded(this.#known.list)} ${this.#known.toTry(m)}`);
    await this.#guess();
    this.#show();
  }

  /** Begins anew on a network that is handed in, or on the page's own. */
  async #useBase(files: readonly File[] | null): Promise<void> {
    status(STATUS, files ? (m) => m.loadingBase : NOTHING);
    await this.#features.begin(files);
    status(STATUS, files ? (m) => m.addPhotos : NOTHING);
    this.#show();
  }

  #show(): void {
    const { locale } = t();
    this.#translate();
    showCards(this.#list, {
      rename: () => this.#keepDrawings(),
      undo: (from) => {
        this.#forget(this.#list.undo(from));
        const { length } = from.examples;
        status(STATUS, (m) => `${named(this.#asKnown(from))}: ${m.drawings(length)}`);
      },
      remove: (gone) => this.#forget(this.#list.remove(gone)),
    });
    const { base } = this.#features;
    say(
      'own-base',
      base
        ? t().baseLoaded(base.name, base.size.join(' × '), formatInteger(base.features, locale))
        : `${t().digitsBase} ${this.#notKept?.(t()) ?? t().keepsDrawings}`,
    );
    setHidden(button('digits-again'), !base, $('base'));
    // The camera's picture stands where drawings are made. A base for photos takes none; classes that were loaded may tell them apart.
    const tries = !base || this.#known.areForDrawings;
    const draws = tries && !this.#camera.isOpen;
    for (const id of ['own-pad', 'own-undo', 'own-clear']) $(id).hidden = !draws;
    $('own-add').hidden = !draws || base !== null;
    this.#tryFrame.textContent = t().tryFrame;
    setHidden(this.#tryFrame, !this.#camera.isOpen || this.#known.isEmpty, $('camera'));
    button('camera').textContent = this.#camera.isOpen ? t().closeCamera : t().text.camera;
    for (const id of ['keep', 'download', 'try-photo']) {
      ($(id) as HTMLButtonElement).disabled = this.#known.isEmpty;
    }
    put('own-bars', this.#known.bars());
  }

  /** Names that nobody changed follow the language. */
  #translate(): void {
    const { defaultNames } = t();
    for (const each of this.#list.classes) each.name = translated(each.name, this.#defaults, defaultNames);
    this.#known.translate(this.#defaults, defaultNames);
    this.#defaults = defaultNames;
  }

  #forget(ids: readonly number[]): void {
    if (ids.length > 0) void attempt(STATUS, () => this.#app.call((studio) => studio.forget(ids)));
    this.#changed();
  }
}
