// A likely mend of a query: the button that writes it, and the change that it is.

/**
 * Returns a button that writes a mend.
 * @param {{sentence: string, query: string}} mend
 * @param {() => void} apply
 * @param {string} key what does the same
 */
export function mendOf({ sentence }, apply, key = "") {
  const made = document.createElement("span");
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "as-link",
    textContent: sentence,
  });
  button.addEventListener("click", apply);
  made.append(button);
  if (key) made.append(" ", Object.assign(document.createElement("kbd"), { textContent: key }));
  return made;
}

/**
 * Returns the change that makes a text of what is written, no longer than it must be, so that the cursor stays.
 * @param {import("@codemirror/state").EditorState} state
 * @param {string} text
 */
export function change(state, text) {
  return { changes: difference(state.doc.toString(), text), scrollIntoView: true, userEvent: "input.mend" };
}

/**
 * Returns the one part of a text that is different in another.
 * @param {string} now
 * @param {string} text
 */
export function difference(now, text) {
  let from = 0;
  while (from < Math.min(now.length, text.length) && now[from] === text[from]) from++;
  let [to, end] = [now.length, text.length];
  while (to > from && end > from && now[to - 1] === text[end - 1]) [to, end] = [to - 1, end - 1];
  return { from, to, insert: text.slice(from, end) };
}
