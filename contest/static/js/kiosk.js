/* A device that many people enter at: it turns to the next person by itself.

   form[data-kiosk="SECONDS"]      sent after so many seconds without a touch, a key or an upload going on;
   [data-kiosk-warning] in it      shown for the last thirty, with the seconds left in [data-kiosk-left]
   A page that comes back from the browser's own memory is never shown: it is sent for again. */

const form = document.querySelector("form[data-kiosk]");
const warning = document.querySelector("[data-kiosk-warning]");
const left = document.querySelector("[data-kiosk-left]");
const patience = Number(form.dataset.kiosk);
let touched = Date.now();

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  addEventListener(kind, () => { touched = Date.now(); }, { passive: true, capture: true });
}
setInterval(() => {
  if (document.querySelector("[data-upload-waits][disabled]")) touched = Date.now();
  const rest = Math.ceil(patience - (Date.now() - touched) / 1000);
  warning.hidden = rest > 30;
  if (!warning.hidden) left.textContent = String(Math.max(0, rest));
  if (rest <= 0) form.submit();
}, 1000);
