/** Parts of the page that are loaded when somebody comes near them, by scrolling or by keys. */
import { attempt, clear } from './view/status.ts';

/** How near: as far away as the window is high. */
const NEAR = '100% 0px';

/**
 * Has `start` called once, when the section comes near. What goes wrong is said in its status line, and tried again when it comes near
 * again.
 */
export function whenNear(section: HTMLElement, statusId: string, start: () => Promise<void>): void {
  let isStarting = false;
  const watch = new IntersectionObserver(
    async ([{ isIntersecting }]) => {
      if (!isIntersecting || isStarting) return;
      isStarting = true;
      await attempt(statusId, async () => {
        clear(statusId);
        await start();
        watch.disconnect();
      });
      isStarting = false;
    },
    { rootMargin: NEAR },
  );
  watch.observe(section);
}
