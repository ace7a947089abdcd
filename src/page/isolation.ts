/** Isolation on a host without headers: a service worker adds them (public/isolate.js), once the page has been loaded again. */

/** Remembers that the page was loaded again, so that this happens once. */
const TRIED = 'degelo: isolated';

/** Milliseconds that a service worker has to be ready: one that can't be installed never is. */
const PATIENCE = 3000;

/**
 * Loads the page again under its service worker, where that may give it threads; else does nothing.
 * @returns whether the page is about to be loaded again
 */
export async function isolate(): Promise<boolean> {
  if (crossOriginIsolated || !isSecureContext || !('serviceWorker' in navigator)) return false;
  try {
    if (sessionStorage.getItem(TRIED)) return false;
    sessionStorage.setItem(TRIED, 'once');
    await navigator.serviceWorker.register('./isolate.js');
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
    await Promise.race([navigator.serviceWorker.ready, late]);
  } catch {
    // No storage or no service workers, as in private windows: one thread, and the page says why.
    return false;
  }
  location.reload();
  return true;
}
