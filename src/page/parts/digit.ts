/** Part 4: draw a digit, and look into the network. */
import { formatDigits, formatPercent } from '../../report/format.ts';
import type { App } from '../app.ts';
import { reasonOf, t } from '../language.ts';
import { barsOf, indexOfLargest } from '../view/bars.ts';
import { button, canvas, draw, put } from '../view/dom.ts';
import { mapSheet } from '../view/network-sheets.ts';
import { Pad } from '../view/pad.ts';
import { sheetOf } from '../view/pixels.ts';
import { status } from '../view/status.ts';
import type { Look } from '../work/look.ts';
import { SIDE, WAY_NAMES, WAYS, type WayName } from '../work/ways.ts';
import { onChoice, showChoice } from './choice.ts';

export function startDigit(app: App): void {
  let chosen: WayName = 'source';
  let seen: Look | null = null;
  /** Looks are asked for one at a time; of those that wait, only the newest is of interest. */
  let isLooking = false;
  let again = false;

  const look = async (): Promise<void> => {
    if (isLooking) {
      again = true;
      return;
    }
    isLooking = true;
    do {
      again = false;
      seen = await see();
      show(seen, chosen);
    } while (again);
    isLooking = false;
  };

  const see = async (): Promise<Look | null> => {
    if (!app.shown.has(chosen)) status('digit-status', ({ notYet }) => notYet);
    else if (pad.isEmpty) status('digit-status', ({ nothingDrawn }) => nothingDrawn);
    else {
      try {
        return await app.call((studio) => studio.look(chosen, pad.pixels));
      } catch (error) {
        const reason = reasonOf(error);
        status('digit-status', (m) => m.failed(reason(m)), true);
      }
    }
    return null;
  };

  const pad = new Pad(canvas('digit-pad'), () => void look());
  button('digit-undo').addEventListener('click', () => pad.undo());
  button('digit-clear').addEventListener('click', () => pad.clear());
  onChoice('digit-ways', (way) => {
    chosen = way;
    app.runs.change();
    void look();
  });
  let known = -1;
  app.runs.onChange(() => {
    const there = WAY_NAMES.filter((way) => app.shown.has(way));
    if (!app.shown.has(chosen)) chosen = 'source';
    showChoice('digit-ways', there, chosen);
    if (there.length !== known) void look();
    else if (seen) show(seen, chosen);
    known = there.length;
  });
}

function show(look: Look | null, way: WayName): void {
  const { locale } = t();
  const { image, maps, digits, probabilities } = look ?? NOTHING;
  const grey = sheetOf(1, [SIDE, SIDE], { columns: 1, gap: 0, scale: 1 }, (_, y, x) => {
    const value = image[y * SIDE + x];
    return [value, value, value];
  });
  draw(canvas('seen'), grey, t().text.sees);
  for (const [i, about] of [t().text.maps1, t().text.maps2].entries()) {
    const { bytes, shape } = maps[i];
    draw(canvas(`maps-${i + 1}`), mapSheet(bytes, shape), about);
  }
  put('digit-bars', barsOf((look ? digits : WAYS[way].digits).map(String), probabilities, locale));
  if (!look) return;
  const best = indexOfLargest(probabilities);
  status('digit-status', (m) => {
    const says = m.itSays(String(digits[best]), formatPercent(probabilities[best], m.locale));
    return `${says}. ${m.onlyKnows(formatDigits(digits))}`;
  });
}

/** Before anything is drawn: all is dark. */
const NOTHING: Look = {
  image: new Uint8Array(SIDE * SIDE),
  maps: [26, 24].map((side) => ({ shape: [side, side, 32], bytes: new Uint8Array(side * side * 32) })),
  digits: [],
  probabilities: [],
};
