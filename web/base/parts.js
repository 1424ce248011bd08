// The parts that a page brings for scripts: those of its templates, by the names that it gives them. A page
// that lacks one has a fault, and no script can do without.

/**
 * Returns a copy of what a template of the page holds.
 * @param {string} id
 */
export const copyOf = (id) => {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {DocumentFragment} */ (template.content.cloneNode(true));
};

/**
 * Returns the parts of what a page holds, by what they are called in a data attribute.
 * @param {ParentNode} root
 * @param {string} key of their `dataset`
 * @returns {Parts}
 */
export const partsIn = (root, key) => {
  const attribute = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const found = /** @type {NodeListOf<Part>} */ (root.querySelectorAll(`[data-${attribute}]`));
  return Object.fromEntries([...found].map((part) => [part.dataset[key], part]));
};

/**
 * Returns the first part that a selector finds.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 */
export const one = (root, selector) => /** @type {T} */ (root.querySelector(selector));
