/* A form that keeps itself: what was typed is posted quietly.

   form[data-autosave="URL"]   POSTs the form's own fields (multipart, X-CSRFToken) one second after the last change and
                               when the page is hidden -> 2xx JSON {saved_at: ISO instant}; files are left out
   [data-autosave-state]       shows it; texts data-text-saved "저장됨 {time}", data-text-saving "저장 중…",
                               data-text-failed "저장하지 못했습니다. 연결되면 다시 저장합니다."
   The button of the form stays the way to go on; nothing depends on the quiet saves. */

import { ask, clockText, tokenNear } from "./request.js";

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);

function start(form) {
  const state = form.querySelector("[data-autosave-state]") || document.querySelector("[data-autosave-state]");
  const words = state ? state.dataset : {};
  let timer = 0;
  let dirty = false;
  let sending = false;

  function show(kind, text) {
    if (!state) return;
    state.dataset.state = kind;
    state.textContent = text;
  }

  function fields() {
    const data = new FormData(form);
    for (const [name, value] of Array.from(data.entries())) if (value instanceof File) data.delete(name);
    return data;
  }

  async function save() {
    clearTimeout(timer);
    if (!dirty || sending || form.dataset.sent) return;
    dirty = false;
    sending = true;
    show("saving", words.textSaving || "저장 중…");
    try {
      const answer = await ask(form.dataset.autosave, { method: "POST", token: tokenNear(form), body: fields() });
      show("saved", (words.textSaved || "저장됨 {time}").replace("{time}", clockText(answer.saved_at)));
    } catch {
      dirty = true;
      show("failed", words.textFailed || "저장하지 못했습니다. 연결되면 다시 저장합니다.");
      timer = setTimeout(save, 10000);
    } finally {
      sending = false;
    }
    if (dirty && state && state.dataset.state === "saved") later();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, 1000);
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    dirty = true;
    later();
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("online", save);
}
