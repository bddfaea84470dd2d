/* Keys of the screening desk: an arrow opens the work before or after, Ctrl+Enter presses the button of 적합.

   [data-key="ArrowLeft" | "ArrowRight" | "Control+Enter"]   the link or button that the key presses
   No single letter is a key, and none works while somebody types or moves a slider. */

const TYPING = "input, textarea, select, [contenteditable], [role=slider]";

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.shiftKey || event.repeat) return;
  const name = event.ctrlKey ? `Control+${event.key}` : event.key;
  if (event.target instanceof Element && event.target.closest(TYPING)) return;
  const control = document.querySelector(`[data-key="${CSS.escape(name)}"]`);
  if (!control) return;
  event.preventDefault();
  control.click();
});
