/**
 * What the page never asks of the library. In the page's build (build-page.mjs) this stands for the modules that do it, so that they aren't
 * there before the first press: layers and losses of users' own are tried, batches read from iterables, samples kept to validate on,
 * progress and tensors printed, other files told apart from its images. Summaries: the plan's text has that module where a training begins.
 */
const never = (): never => {
  throw new Error('the page never does this');
};

class Never {
  constructor() {
    never();
  }
}

/** Who tries layers and losses of users' own. */
export const rehearsals = null;
/** Where somebody debugs the page. */
export const printedTensor = (): string => 'tensor';
export const isStream = (): boolean => false;
/** What bytes are that should be the digits' images. */
export const kindOf = (): null => null;
export {
  Never as ProgressLine,
  Never as StreamSource,
  never as adviceFor,
  never as describePlan,
  never as isOneShot,
  never as partsOf,
  never as splitData,
  never as startStream,
  never as summarize,
};
