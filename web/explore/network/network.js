// The page of the network: a drawing that can be moved and magnified in the place of the server's.
import { show } from "./show.js";

/** @type {HTMLElement | null} */
const place = document.querySelector("[data-network]");
if (place) show(place);
