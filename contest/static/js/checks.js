/* Cross-checks beside the fields while they are typed.

   form[data-check-url="URL"]      POSTs the form (X-CSRFToken) 600 ms after the last change
                                   -> JSON {messages: [{field, level: "error" | "warning" | "ok", text}], summary?: text}
   [data-messages-for="FIELD"]     (every field macro has one) shows the messages of its field; an error sets aria-invalid
   [data-check-summary]            shows summary and the messages that name no field (make it role="status")
   It advises; the server decides when the form is sent. */

import { ask, tokenNear } from "./request.js";

for (const form of document.querySelectorAll("form[data-check-url]")) start(form);

function start(form) {
  let timer = 0;
  let running = null;

  async function check() {
    if (running) running.abort();
    running = new AbortController();
    const data = new FormData(form);
    for (const [name, value] of Array.from(data.entries())) if (value instanceof File) data.delete(name);
    try {
      const answer = await ask(form.dataset.checkUrl, { method: "POST", token: tokenNear(form), body: data, signal: running.signal });
      show(answer);
    } catch {
      // Advice that did not come changes nothing on the page.
    }
  }

  function show({ messages = [], summary = "" }) {
    const places = new Map(Array.from(form.querySelectorAll("[data-messages-for]"), (p) => [p.dataset.messagesFor, p]));
    for (const [name, place] of places) {
      const mine = messages.filter((m) => m.field === name);
      place.replaceChildren(...mine.map(paragraph));
      const bad = mine.some((m) => m.level === "error");
      for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (bad) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
      const field = place.closest(".field");
      if (field) field.classList.toggle("field--invalid", bad);
    }
    const whole = form.querySelector("[data-check-summary]");
    if (whole) {
      const rest = messages.filter((m) => !places.has(m.field));
      const head = summary ? [{ level: "", text: summary }] : [];
      whole.replaceChildren(...[...head, ...rest].map(paragraph));
    }
  }

  function paragraph(message) {
    const p = document.createElement("p");
    if (message.level) p.className = `field__${message.level}`;
    p.textContent = message.text;
    return p;
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, 600);
  });
  check();
}
