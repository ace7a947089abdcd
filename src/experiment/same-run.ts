/** What is said where a saved run is continued otherwise than it began. */

/** @throws RangeError saying in what a run differs from the saved one. */
export function refuseOtherRun(what: string, expected: unknown, got: unknown): never {
  throw new RangeError(
    `resume: ${what} must be as in the run that was saved: expected ${expected}, got ${got}`,
  );
}
