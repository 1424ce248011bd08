// Files that were prepared when the edition was published, got once each: they hold what a service would look up.
/** @type {Map<string, Promise<any>>} */
const asked = new Map();

/**
 * Returns what a prepared file holds; raises what hinders that, and another call tries again.
 * @param {URL} address
 * @returns {Promise<any>}
 */
export function prepared(address) {
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
