// The copy of an edition that a reader keeps in the browser: what is in it, how it comes, how it goes.

/** How many files come at once. */
const AT_ONCE = 6;

/** A file of the copy did not come; carries which. */
export class NotCopied extends Error {}

/** Returns the name of the copy of an edition, which lies at an address. */
const nameOf = (base: string) => `rallynov-edition ${base}`;

/**
 * Returns the files of the copy, as the edition tells them now.
 * @param list the address of what lists them
 */
export async function filesOf(list: string): Promise<string[]> {
  const answer = await fetch(list, { cache: "no-store" });
  if (!answer.ok) throw new NotCopied(list);
  const { files }: { files: string[] } = await answer.json();
  return [list, ...files.map((file) => new URL(file, list).href)];
}

/** Returns how many bytes a server says that files have. */
export async function bytesOf(files: string[]) {
  let sum = 0;
  await each(files, async (file) => {
    const head = await fetch(file, { method: "HEAD" });
    sum += Number(head.headers.get("Content-Length") ?? 0);
  });
  return sum;
}

/** Makes the copy of files; returns how many bytes they have. Raises NotCopied, and what the browser's store raises. */
export const copy = async (base: string, files: string[], progress: (done: number) => void) =>
  fill(await caches.open(nameOf(base)), files, progress);

async function fill(store: Cache, files: string[], progress: (done: number) => void) {
  let [done, bytes] = [0, 0];
  await each(files, async (file) => {
    const answer = await fetch(file, { cache: "no-cache" }).catch(() => null);
    if (!answer?.ok) throw new NotCopied(file);
    const content = await answer.blob();
    bytes += content.size;
    await store.put(
      file,
      new Response(content, { headers: { "Content-Type": answer.headers.get("Content-Type") ?? "" } }),
    );
    progress(++done);
  });
  return bytes;
}

/** Returns the copy; nothing where there is none. Under the lock: opened as it is removed, it would come back empty. */
const opened = (base: string) =>
  navigator.locks.request(nameOf(base), async () =>
    (await caches.has(nameOf(base))) ? caches.open(nameOf(base)) : undefined,
  );

/** Returns how many files the copy has, with those that were read since; 0 where there is none. */
export async function kept(base: string) {
  return (await (await opened(base))?.keys())?.length ?? 0;
}

/** Removes the copy, and what answers from it. */
export async function remove(base: string) {
  await navigator.locks.request(nameOf(base), () => caches.delete(nameOf(base)));
  const found = await navigator.serviceWorker.getRegistration(base);
  if (found?.scope === base) await found.unregister();
}

/** Brings the copy up to date where another edition was published meanwhile; what came of the old one goes. */
export async function refresh(base: string, list: string) {
  const store = await opened(base);
  if (!store || !(await store.keys()).length) return;
  const before = await (await store.match(list))?.text();
  // The worker keeps nothing of this: the list that is kept is of the files that are kept.
  const now = await fetch(list, { cache: "no-store" }).catch(() => null);
  if (!now?.ok || (await now.clone().text()) === before) return;
  const files = await filesOf(list);
  await fill(store, files.slice(1), () => undefined);
  const wanted = new Set(files);
  for (const { url } of await store.keys()) if (!wanted.has(url)) await store.delete(url);
  await store.put(list, now);
}

async function each(files: string[], work: (file: string) => Promise<void>) {
  const waiting = [...files];
  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) await work(file);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
