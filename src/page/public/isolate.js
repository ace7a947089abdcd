/**
 * A service worker for hosts that can't send headers: it adds to each answer the two that make the page cross-origin isolated,
 * without which browsers give threads no shared memory. It keeps nothing: without a network there is what the browser still has of it.
 */
addEventListener('install', () => self.skipWaiting());
addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
addEventListener('fetch', (event) => {
  const { request } = event;
  // What only the cache may answer can't be asked for again.
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  event.respondWith(isolated(request));
});

/** @param {Request} request */
async function isolated(request) {
  const response = await fetch(request).catch(() => fetch(request, { cache: 'force-cache' }));
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
