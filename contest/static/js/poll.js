/* A page that waits for work: it asks a JSON address and shows what it says.

   [data-poll="URL"]   GET -> JSON {value, max, text, done, next_url?, failed?}; every data-every ms (default 1500)
     progress          inside: takes value and max
     [data-poll-text]  inside: takes text (make it role="status")
     [data-poll-log]   inside, optional: an <ol>; answers may carry lines: [text, …], shown whole
   done: goes to next_url where given, else loads the page again once. failed: stops and shows text.
   Without script the page should carry a link that loads it again. */

import { Refused, ask, wait } from "./request.js";

for (const box of document.querySelectorAll("[data-poll]")) follow(box);

async function follow(box) {
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-poll-text]");
  const log = box.querySelector("[data-poll-log]");
  const every = Number(box.dataset.every) || 1500;
  for (;;) {
    try {
      const answer = await ask(box.dataset.poll);
      if (bar && answer.max) {
        bar.max = answer.max;
        bar.value = answer.value;
      }
      if (words && answer.text && words.textContent !== answer.text) words.textContent = answer.text;
      if (log && answer.lines) {
        log.replaceChildren(...answer.lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      }
      if (answer.failed) return;
      if (answer.done) {
        if (answer.next_url) location.assign(answer.next_url);
        else location.reload();
        return;
      }
    } catch (error) {
      if (error instanceof Refused && !error.passing) {
        if (words && error.message) words.textContent = error.message;
        return;
      }
    }
    await wait(document.hidden ? every * 4 : every);
  }
}
