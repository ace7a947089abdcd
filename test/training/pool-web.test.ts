/** The browsers' pool, on Web Workers made of Node's threads (test/web-worker.ts). Real browsers: `npm run browsers`. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VERSION } from '../../src/formats/version.ts';
import * as degelo from '../../src/index.ts';
import * as web from '../../src/training/threads/pool-web.ts';
import { WebThread } from '../../src/training/threads/web-thread.ts';
import { usePool } from '../pool.ts';
import { distWorker, stubPage, WebWorkerOfNode, webWorkers } from '../web-worker.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { x, y } = tinyData(44);

beforeEach(() => usePool(web));
afterEach(async () => {
  usePool(null);
  for (const worker of webWorkers) worker.terminate();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const compiled = (options: Partial<degelo.CompileOptions> = {}): degelo.Sequential => {
  const model = tinyModel(degelo);
  const optimizer = degelo.adadelta({ learningRate: 1 });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'], ...options });
  return model;
};

async function outcome(options: Partial<degelo.CompileOptions>, callback: degelo.Callback = {}) {
  await using model = compiled(options);
  const { history } = await model.fit(x, y, { batchSize: 20, epochs: 2, callbacks: [callback] });
  const predictions = await model.predict(x);
  return { weights: getWeightsFlat(model), history, predictions: [...predictions.data] };
}

describe('threads in a page', () => {
  it('are one per core where they can share memory, and give the same bits as none and as Node’s', async () => {
    usePool(null);
    const expected = await outcome({ threads: 0 });
    usePool(web);
    stubPage();
    const model = compiled();
    expect({ threads: model.threads, reason: model.threadsReason }).toEqual({ threads: 2, reason: null });
    expect(await outcome({})).toEqual(expected);
    for (const threads of [0, 1, 3]) expect(await outcome({ threads })).toEqual(expected);
  });

  it.each([
    [{ workers: false }, /^there are no Web Workers here$/],
    [{ secure: false, isolated: false }, /plain http:.*https: or localhost/],
    [
      { isolated: false },
      /isn't cross-origin isolated.*Cross-Origin-Opener-Policy: same-origin.*require-corp/,
    ],
  ])(
    'are none where the page is %o: the model says why, and asking for some is refused at once',
    (page, why) => {
      stubPage(page);
      const model = compiled();
      expect(model.threads).toBe(0);
      expect(model.threadsReason).toMatch(why);
      expect(compiled({ threads: 0 }).threadsReason).toBeNull();
      const refused = new RangeError(`compile: threads must be 0 here: ${model.threadsReason}: got 2`);
      expect(() => compiled({ threads: 2 })).toThrow(refused);
      expect(() => web.createPool(2)).toThrow(RangeError);
    },
  );

  it('are none where the browser says isolated but has no SharedArrayBuffer', () => {
    stubPage();
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(compiled().threadsReason).toMatch(/no SharedArrayBuffer/);
  });

  const ofManyFiles = new URL('../../dist/training/threads/worker-web.js', import.meta.url).href;
  it.each([
    ['degelo/worker, a file that needs no other', distWorker],
    ['the file that a bundler finds', ofManyFiles],
  ])('may be started by compile’s worker, from %s', async (_, program) => {
    stubPage();
    const started: string[] = [];
    const worker = () => {
      const made = new WebWorkerOfNode(program);
      started.push(made.url);
      return made;
    };
    expect(await outcome({ threads: 2, worker })).toEqual(await outcome({ threads: 0 }));
    expect(started).toEqual([program, program]);
    expect(() => compiled({ worker: '/degelo-worker.js' as never })).toThrow(
      "compile: worker must be a function that starts one, got '/degelo-worker.js': () => new Worker(url, { type: 'module' })",
    );
  });

  it.each<[string, unknown, string]>([
    ['nothing', null, 'compile: worker must give a new Worker at each call, got null'],
    ['a promise', Promise.resolve(), 'compile: worker must give a new Worker at each call, got a promise'],
    [
      'a SharedWorker',
      { port: {}, addEventListener() {} },
      'compile: worker must give a new Worker at each call, got',
    ],
  ])('are none where compile’s worker gives %s, which the reason says', async (_, worker, why) => {
    stubPage();
    const thread = new WebThread(() => worker as never);
    await expect(thread.ready).rejects.toThrow(why);
    expect(thread.isAlive).toBe(false);
  });

  it('need a Worker each: one that was started before is refused', async () => {
    const worker = { postMessage() {}, terminate() {}, addEventListener() {} };
    expect(new WebThread(() => worker).isAlive).toBe(true);
    await expect(new WebThread(() => worker).ready).rejects.toThrow(
      'compile: worker must give a new Worker at each call',
    );
  });

  it.each([
    ['0.0.9', '0.0.9'],
    [undefined, 'older'],
  ])(
    'don’t start from the program of another version, as one that was copied long ago: %s',
    async (version, other) => {
      let hear = (_: { data: unknown }): void => {};
      const thread = new WebThread(() => ({
        postMessage() {},
        terminate() {},
        addEventListener: (type: string, listener) => {
          if (type === 'message') hear = listener as never;
        },
      }));
      hear({ data: { kind: 'ready', lock: null, version } });
      await expect(thread.ready).rejects.toThrow(
        `the workers' program is of another degelo, ${other}: put degelo/worker of ${VERSION} there`,
      );
    },
  );

  it('end with an error that nobody caught in them, which goes no further: it would end the Worker that started them', async () => {
    const heard = new Map<string, (event: Event) => void>();
    const thread = new WebThread(() => ({
      postMessage() {},
      terminate() {},
      addEventListener: (type: string, listener) => void heard.set(type, listener),
    }));
    const event = new Event('error', { cancelable: true });
    heard.get('error')?.(event);
    expect(event.defaultPrevented).toBe(true);
    expect(thread.isAlive).toBe(false);
    await expect(thread.ready).rejects.toThrow("the workers' program can't be loaded");
  });

  it('end when they have nothing to do, and come back for the next tasks', async () => {
    stubPage();
    const pool = web.createPool(1, null, 5);
    // A task of nothing fails in the thread, which lives on.
    const work = () => pool.run([{} as never], 60_000, () => {}).catch(({ message }) => message);
    const reason = await work();
    for (let i = 0; webWorkers.size > 0 && i < 500; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(webWorkers.size).toBe(0);
    expect(await work()).toBe(reason);
    expect(webWorkers.size).toBe(1);
    await pool.destroy();
  });
});

describe('a Web Worker', () => {
  it('that dies in the middle of a step is replaced, with the same bits and a warning', async () => {
    stubPage();
    const expected = await outcome({ threads: 0 });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    let batches = 0;
    const killing = {
      onBatchEnd: () => {
        if (++batches % 3 === 0) setTimeout(() => [...webWorkers][0]?.kill(), 0);
      },
    };
    expect(await outcome({ threads: 2 }, killing)).toEqual(expected);
    expect(batches).toBe(6);
    for (const [line] of warn.mock.calls) expect(line).toMatch(/^a worker failed \(a worker thread ended\)/);
  });

  it('that dies again and again ends in a WorkerError', async () => {
    stubPage();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    await using model = compiled({ threads: 2 });
    const killer = setInterval(() => {
      for (const worker of webWorkers) worker.kill();
    }, 1);
    const error = await model.fit(x, y, { epochs: 1000 }).catch((reason) => reason);
    clearInterval(killer);
    expect(error).toBeInstanceOf(degelo.WorkerError);
  });

  it('whose program is not there: the calling thread does the work and the model says why; asked for, it is a WorkerError', async () => {
    stubPage({ locks: false });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const worker = () => new WebWorkerOfNode('file:///nowhere/worker.js');
    const expected = await outcome({ threads: 0 });
    await using model = compiled({ worker });
    expect(model.threads).toBe(2);
    await model.fit(x, y, { batchSize: 20, epochs: 2 });
    await model.evaluate(x, y);
    expect(getWeightsFlat(model)).toEqual(expected.weights);
    expect(model.threads).toBe(0);
    expect(model.threadsReason).toMatch(/^the workers' program can't be loaded: .*degelo\/worker/);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^worker threads can't be used, so all work is done on the calling thread: /)],
    ]);
    const error = await compiled({ worker, threads: 2 })
      .predict(x)
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(degelo.WorkerError);
    expect(error.message).toMatch(/^a worker thread can't start: the workers' program can't be loaded/);
    const refusing = compiled({
      worker: () => {
        throw new Error('SecurityError: worker-src');
      },
    });
    await refusing.predict(x);
    expect(refusing.threadsReason).toBe('SecurityError: worker-src');
  });
});
