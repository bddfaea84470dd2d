/* The contact sheet by keys: arrows go from work to work, a key chooses the one that holds the focus.

   form[data-desk-sheet]   the sheet; see chosen.js and keys.js for what it carries
   [data-desk-help]        the <dialog> that the help key opens */

import { chosenWorks } from "./chosen.js";
import { actOf, isTyping } from "./keys.js";

const sheet = document.querySelector("[data-desk-sheet]");
const chosen = chosenWorks(sheet);
const tiles = [...sheet.querySelectorAll("li")];
const linkOf = (tile) => tile.querySelector("a");

/** So many tiles stand in a row, as the window has it now. */
const across = () => Math.max(1, tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length);

function walk(step) {
  const at = tiles.findIndex((tile) => tile.contains(document.activeElement));
  const next = tiles[at < 0 ? 0 : at + step];
  if (!next) return;
  linkOf(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across(), ArrowDown: across() };
  const held = tiles.find((tile) => tile.contains(document.activeElement));
  const act = actOf(event);
  if (event.key in steps && (held || event.key === "ArrowRight" || event.key === "ArrowDown")) walk(steps[event.key]);
  else if (event.repeat) return;
  else if (act === "choose" && held) chosen.toggle(held.querySelector("[data-choose]").value);
  else if (act === "compare") chosen.open();
  else if (act === "help") document.querySelector("[data-desk-help]").showModal();
  else return;
  event.preventDefault();
});
