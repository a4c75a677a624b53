// Keeps every file of the studio, and answers with it. STUDIO, its version and files, stands before this when it is built.
const CACHE = `studio-${STUDIO.version}`;

self.addEventListener('install', (event) => {
  // Past the browser's own cache: what the page is loading at this moment holds its entries there.
  const requests = STUDIO.files.map((file) => new Request(file, { cache: 'no-store' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

self.addEventListener('activate', (event) => {
  const clear = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith('studio-') && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  const answer = async () => {
    const cache = await caches.open(CACHE);
    // Whatever a server says that its answers vary by: there is one of each file.
    return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
  };
  event.respondWith(answer());
});
