// The editor's rules as constructed style sheets: our policy allows no <style> in the page.
import { StyleModule } from "style-mod";

const mounted = new WeakMap();

StyleModule.mount = (root, modules) => {
  const known = mounted.get(root) ?? new Set();
  mounted.set(root, known);
  for (const module of [modules].flat()) {
    if (known.has(module)) continue;
    known.add(module);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }
};
