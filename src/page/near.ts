/** Parts of the page that are loaded when somebody comes near them, by scrolling or by keys. */
import { attempt, clear } from './view/status.ts';

/** How near: as far away as the window is high. */
const NEAR = '100% 0px';

/** What a part's buttons and fields tell it. */
const PRESSES = ['click', 'change'] as const;

/**
 * Has `start` called once, when the section comes near. What goes wrong is said in its status line, and tried again when it comes near
 * again. What was last pressed or chosen in it before it was there counts then.
 */
export function whenNear(section: HTMLElement, statusId: string, start: () => Promise<void>): void {
  let isStarting = false;
  let early: Event | null = null;
  const remember = (event: Event): void => {
    early = event;
  };
  for (const press of PRESSES) section.addEventListener(press, remember);
  const watch = new IntersectionObserver(
    async ([{ isIntersecting }]) => {
      if (!isIntersecting || isStarting) return;
      isStarting = true;
      await attempt(statusId, async () => {
        clear(statusId);
        await start();
        watch.disconnect();
        for (const press of PRESSES) section.removeEventListener(press, remember);
        early?.target?.dispatchEvent(new Event(early.type, { bubbles: true }));
      });
      isStarting = false;
    },
    { rootMargin: NEAR },
  );
  watch.observe(section);
}
