/* The judge's own keys: which act a press stands for.

   [data-keys]     on the page's own part: JSON {key: act}, as the judge chose them; {} where they are off
   Letters are named by their place on the keyboard, so that they work while Korean is typed; signs without Shift.
   No key acts inside a text field, with Ctrl, Alt or Meta, or while a dialog is open. */

const SHIFTED = { _: "-", "+": "=", "{": "[", "}": "]", "|": "\\", ":": ";", '"': "'", "<": ",", ">": ".", "?": "/", "~": "`" };
const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";

/** The name of a pressed key: a letter, a digit or a sign; "" for any other. */
export function keyName(event) {
  if (/^Key[A-Z]$/.test(event.code)) return event.code[3].toLowerCase();
  return event.key.length === 1 && event.key !== " " ? SHIFTED[event.key] || event.key.toLowerCase() : "";
}

export function isTyping(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.isComposing
    || Boolean(document.querySelector("dialog[open]")) || Boolean(event.target.closest(TYPING));
}

/** The act of a press on this page; "" where it has none. */
export function actOf(event) {
  const held = JSON.parse(document.querySelector("[data-keys]")?.dataset.keys || "{}");
  return held[keyName(event)] || "";
}
