// The parts that a page brings for scripts: those of its templates, by the names that it gives them.

/**
 * Returns a copy of what a template of the page holds.
 * @param {string} id
 */
export function copyOf(id) {
  const template = document.getElementById(id);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`the page has no template ${id}`);
  return /** @type {DocumentFragment} */ (template.content.cloneNode(true));
}

/**
 * Returns the parts of what a page holds, by what they are called in a data attribute.
 * @param {ParentNode} root
 * @param {string} key of their `dataset`
 * @returns {Parts}
 */
export function partsIn(root, key) {
  const attribute = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const found = /** @type {NodeListOf<Part>} */ (root.querySelectorAll(`[data-${attribute}]`));
  return Object.fromEntries([...found].map((part) => [part.dataset[key], part]));
}

/**
 * Returns the first part that a selector finds, which the page must have.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
export function one(root, selector) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return /** @type {T} */ (found);
}
