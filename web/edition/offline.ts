// Answers for an edition that a reader keeps: from the network while it is there, else from the copy. It keeps what is
// read meanwhile. It copies nothing by itself, and where there is no copy it answers nothing.

/** Service workers have a scope that pages have not. */
const worker = globalThis as any;
const NAME = `rallynov-edition ${worker.registration.scope}`;
/** What is named by its content never changes. */
const LASTING = /\/static\/built\/[^/]+-[A-Z0-9]{8}\.[a-z0-9.]+$/;
const MISSING = "absent/offline";

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event: any) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event: any) => {
  const { request } = event;
  const isOurs = request.method === "GET" && request.url.startsWith(worker.registration.scope);
  if (isOurs) event.respondWith(answered(request));
});

async function answered(request: Request) {
  // The lock of offline_copy.ts: opened as it is removed, the copy would come back empty.
  const copy: Cache | undefined = await worker.navigator.locks.request(NAME, async () =>
    (await caches.has(NAME)) ? caches.open(NAME) : undefined,
  );
  if (!copy) return fetch(request);
  const kept = await copy.match(request, { ignoreSearch: true });
  if (kept && LASTING.test(new URL(request.url).pathname)) return kept;
  try {
    const answer = await fetch(request);
    const isKept = answer.ok && answer.type === "basic" && !answer.redirected && request.cache !== "no-store";
    if (isKept) await keep(copy, request, answer.clone());
    return answer.ok ? answer : (kept ?? answer);
  } catch (error) {
    const found = kept ?? (request.mode === "navigate" ? await missing(copy, request) : undefined);
    if (found) return found;
    throw error;
  }
}

/** Keeps what was read, by its address without what it asks; a full store keeps what it has. */
async function keep(copy: Cache, request: Request, answer: Response) {
  const address = new URL(request.url);
  address.search = "";
  await copy.put(address.href, answer).catch(() => undefined);
}

/** Leads to the page that says that a page was not copied, in the language of the page. */
async function missing(copy: Cache, request: Request) {
  const language = new URL(request.url).pathname.match(/\.([a-z]{2})\.html$/)?.[1];
  const address = `${worker.registration.scope}${MISSING}${language ? `.${language}` : ""}.html`;
  return (await copy.match(address)) ? Response.redirect(address) : undefined;
}
