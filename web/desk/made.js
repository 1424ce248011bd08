// Makes elements: a tag with its attributes, listeners (`on…`) and what stands in it. Texts are never read as HTML.

/** @typedef {Node | string | number | false | null | undefined} Content */

/**
 * Returns an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} attributes
 * @param {...(Content | Content[])} content
 * @returns {HTMLElementTagNameMap[T]}
 */
export function made(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...contentOf(content));
  return element;
}

/**
 * Has an element hold something, and nothing else.
 * @param {Element} element
 * @param {...(Content | Content[])} content
 */
export const fill = (element, ...content) => element.replaceChildren(...contentOf(content));

/** @param {(Content | Content[])[]} content */
function contentOf(content) {
  return content
    .flat()
    .filter((it) => it !== false && it !== null && it !== undefined)
    .map((it) => (it instanceof Node ? it : String(it)));
}

/**
 * Returns the sign of a kind.
 * @param {string | undefined} kind
 */
export const sign = (kind) => (kind ? made("span", { class: `shape shape-${kind}`, "aria-hidden": "true" }) : null);

/** @param {string} key */
export const key = (key) => made("kbd", {}, key);
