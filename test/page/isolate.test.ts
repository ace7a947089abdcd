/** The page's service worker for hosts without headers, in a scope of the test's own. */
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';

const program = readFileSync(new URL('../../src/page/public/isolate.js', import.meta.url), 'utf8');

it('adds the headers of isolation to what comes; where nothing does, to what the browser still has', async () => {
  const listeners = new Map<string, (event: object) => void>();
  const asked: unknown[] = [];
  let isOnline = true;
  const fetch = async (_: Request, how?: { cache: string }) => {
    asked.push(how?.cache ?? 'network');
    if (!isOnline && !how) throw new TypeError('Failed to fetch');
    return new Response('the page', { headers: { 'content-type': 'text/html' } });
  };
  runInNewContext(program, {
    ...{ fetch, Headers, Response },
    addEventListener: (type: string, listen: (event: object) => void) => listeners.set(type, listen),
  });
  const answer = () =>
    new Promise<Response>((respondWith) =>
      listeners.get('fetch')?.({ request: new Request('http://localhost/'), respondWith }),
    );
  for (const online of [true, false]) {
    isOnline = online;
    const response = await answer();
    expect(await response.text()).toBe('the page');
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  }
  expect(asked).toEqual(['network', 'network', 'force-cache']);
});
