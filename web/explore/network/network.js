// The page of the network: a drawing that can be moved and magnified in the place of the server's.
import { show } from "./show.js";

start();
// A list shows another selection in the same page.
document.addEventListener("explored", start);

function start() {
  /** @type {HTMLElement | null} */
  const place = document.querySelector("[data-network]");
  if (place) show(place);
}
