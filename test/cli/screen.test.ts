import { describe, expect, it } from 'vitest';
import { Screen } from '../../src/cli/screen.ts';

/** What a screen writes, on a terminal of that many columns or on none. */
function stream(terminal: { columns: number } | null) {
  const written: string[] = [];
  const fake = {
    isTTY: terminal !== null,
    columns: terminal?.columns,
    write: (text: string) => written.push(text),
  };
  // The screen uses no more of a stream than this.
  return { written, stream: fake as unknown as NodeJS.WriteStream };
}

describe('Screen', () => {
  it('on a terminal writes the live line over, within its columns, and lines that stay above it', () => {
    const { written, stream: terminal } = stream({ columns: 40 });
    const screen = new Screen(terminal);
    screen.show((columns) => `at most ${columns}`);
    screen.print('stays');
    screen.show(() => 'again');
    screen.clear();
    expect(written.join('')).toBe('\r\x1b[Kat most 39\r\x1b[Kstays\n\r\x1b[Kagain\r\x1b[K');
  });

  it('draws the live line at most every 80 ms', () => {
    const { written, stream: terminal } = stream({ columns: 40 });
    const screen = new Screen(terminal);
    let drawn = 0;
    const begin = performance.now();
    for (let i = 0; i < 1000; i++) screen.show(() => String(drawn++));
    expect(drawn).toBeLessThanOrEqual(1 + (performance.now() - begin) / 80);
    expect(written).toHaveLength(drawn);
  });

  it('elsewhere writes lines alone', () => {
    const { written, stream: pipe } = stream(null);
    const screen = new Screen(pipe);
    screen.show(() => 'live');
    screen.print('stays');
    screen.clear();
    expect(written).toEqual(['stays\n']);
  });

  it('is silent on request, but not on a terminal', () => {
    const pipe = stream(null);
    new Screen(pipe.stream, { quietUnlessTerminal: true }).print('stays');
    expect(pipe.written).toEqual([]);
    const terminal = stream({ columns: 80 });
    new Screen(terminal.stream, { quietUnlessTerminal: true }).print('stays');
    expect(terminal.written).toEqual(['stays\n']);
  });
});
