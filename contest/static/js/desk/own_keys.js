/* The list of keys: a field takes the key that is pressed in it, whatever language is being typed.

   input[data-own-key]   a field of one character; Backspace or Delete empties it */

import { keyName } from "./keys.js";

const SHOWN = { "/": "?", "=": "+" };

for (const field of document.querySelectorAll("[data-own-key]")) {
  field.addEventListener("focus", () => field.select());
  field.addEventListener("keydown", (event) => {
    const name = keyName(event);
    if (!name || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    field.value = SHOWN[name] || name.toUpperCase();
    field.select();
  });
}
