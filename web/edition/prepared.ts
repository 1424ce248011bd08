// Files that were prepared when the edition was published, got once each: they hold what a service would look up.
const asked = new Map<string, Promise<any>>();

/** Returns what a prepared file holds; raises what hinders that, and another call tries again. */
export function prepared(address: URL): Promise<any> {
  const before = asked.get(address.href);
  if (before) return before;
  const coming = fetch(address).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  });
  asked.set(address.href, coming);
  coming.catch(() => asked.delete(address.href));
  return coming;
}
