/* Keys of the screening desk: through the list, from work to work, and the decision.

   [data-key="KeyJ ArrowRight"]   the link or button that a key presses, or the field that it goes to
   [data-queue-link]              the works of a list: J, K and the arrows go from one to the next, O opens
   [data-keys-switch]             a checkbox: keys on or off, kept on this computer
   Keys are named by their place on the keyboard, so that they work while Korean is typed. None works inside a
   field, in an open dialog, or while the switch is off. A list opened at #e-<work> begins at that work. */

const TYPING = "textarea, select, [contenteditable], [role=slider], input:not([type=checkbox], [type=radio], [type=hidden])";
const links = [...document.querySelectorAll("[data-queue-link]")];
const choice = document.querySelector("[data-keys-switch]");

try {
  if (choice) choice.checked = localStorage.getItem("screening.keys") !== "off";
} catch {
  // Keys then stand as the page was sent.
}
choice?.addEventListener("change", () => {
  try {
    localStorage.setItem("screening.keys", choice.checked ? "on" : "off");
  } catch {
    // The choice holds for this page.
  }
});

function walk(step) {
  const at = links.findIndex((link) => link.closest("li").contains(document.activeElement));
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.closest("li").scrollIntoView({ block: "nearest" });
}

function press(name) {
  const control = document.querySelector(`[data-key~="${CSS.escape(name)}"]`);
  if (!control) return false;
  if (control.matches("select, input, textarea")) control.focus();
  else control.click();
  return true;
}

const WALKS = { KeyJ: 1, ArrowDown: 1, KeyK: -1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.repeat || document.querySelector("dialog[open]")) return;
  if (event.target instanceof Element && event.target.closest(TYPING)) return;
  if (choice && !choice.checked) return;
  const name = event.key === "?" ? "?" : event.ctrlKey ? `Control+${event.key}` : event.code;
  if (event.shiftKey && name !== "?") return;
  if (links.length && name in WALKS) walk(WALKS[name]);
  else if (links.length && name === "KeyO" && links.includes(document.activeElement)) document.activeElement.click();
  else if (!press(name)) return;
  event.preventDefault();
});

// After the browser's own leap to the anchor, which takes the focus away.
window.addEventListener("pageshow", () => {
  if (!location.hash.startsWith("#e-")) return;
  const kept = document.getElementById(location.hash.slice(1))?.querySelector("[data-queue-link]");
  kept?.focus({ preventScroll: true });
  kept?.closest("li").scrollIntoView({ block: "center" });
});
