/* The order of a ranking ballot kept as scores are: sent at every move, over a lost network and a closed tab.

   form[data-desk][data-ballot]   the plain form that posts the whole order without this module, and carries
     data-put-url                 PUT JSON {id, at, order: [works, best first]}, X-CSRFToken -> 2xx {saved_at: ISO}
     data-owner, data-signin-url  as in work.js
   [data-desk-state]              role="status": 저장됨 14:03:22 | 저장 중… | 오프라인 — 1건 대기
   [data-ballot-done]             the way to the signature, shown once an order is stored
   ol[data-ordering]              ordering.js moves its works and tells it by an `ordering` event

   The queue keeps the last order alone: an order is whole, and an older one means nothing. */

import { holdForms, openQueue, say } from "./queue.js";
import { tokenNear } from "../request.js";

const form = document.querySelector("form[data-ballot]");
const list = form.querySelector("[data-ordering]");
const state = form.querySelector("[data-desk-state]");
const done = form.querySelector("[data-ballot-done]");

function tell(kind, words) {
  say(state, kind, words, form.dataset.signinUrl);
  if (kind === "saved") done.hidden = false;
}

const queue = openQueue(form.dataset.owner, tokenNear(form), tell);
holdForms(queue, tell);

const nameOf = (work) => work.querySelector("select").name.replace(/^place_/, "");
const works = () => [...list.querySelectorAll("[data-ordering-work]")];

// What an earlier page could not send stands as the judge left it; the server may not know of it yet.
const waiting = queue.changesOf("order").find((change) => change.order);
if (waiting) {
  const place = new Map(waiting.order.map((name, at) => [name, at]));
  const left = works().filter((work) => place.has(nameOf(work)));
  if (left.length === works().length) {
    left.sort((one, other) => place.get(nameOf(one)) - place.get(nameOf(other))).forEach((work, at) => {
      list.append(work);
      work.querySelector("select").value = String(at + 1);
    });
    tell("offline", "보내지 못한 순서를 다시 보냅니다.");
    queue.flush();
  }
}

list.addEventListener("ordering", () => {
  queue.add("order", form.dataset.putUrl, { order: works().map(nameOf) });
});
