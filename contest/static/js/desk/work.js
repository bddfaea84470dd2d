/* The judge's desk: scoring by touch or keys, every score kept at once, nothing lost without a line.

   form[data-desk]       a plain form that posts all levels and the note without this module, and carries
     data-work           the work's code; data-owner: the judge's own code
     data-put-url        PUT JSON {id, at} with {criterion, level}, {note} or {flagged}, X-CSRFToken -> 2xx {saved_at: ISO}
     data-next-url, data-prev-url   where the arrows go (empty at the ends)
                         (the next two are fetched and decoded ahead, and shown without loading a page)
     data-signin-url     where to sign in again
     and what keys.js and chosen.js need
   fieldset[data-criterion="KEY"]   one radio for each level, value 1, 2, …
   textarea[data-desk-note]
   [data-desk-flag]      the button that marks the work to come back to; its value is what a press makes of it (yes, no),
                         data-key what it says of its key
   [data-desk-spread]    the button that opens the dialog of own levels so far
   [data-desk-view]      the picture and what looks closer at it: see view.js
   [data-desk-strip]     the marked criterion, its level and the state in words, for when the rubric is hidden
   [data-desk-state]     role="status": 저장됨 14:03:22 | 저장 중… | 오프라인 — 2건 대기 | the server's own sentence
   [data-desk-onward]    a checkbox: where one criterion is all, giving it leads to the next work (kept on this computer)
   [data-desk-fresh="NAME"]   what changes with every score: asked for again after a turn
   [data-desk-help]      the <dialog> of the keys

   Fixed keys: up/down mark a criterion, left/right go to the previous/next work; while the picture is zoomed or under
   the loupe the arrows move it. A radio reached by Tab keeps its own arrow keys. */

import { worksAhead } from "./ahead.js";
import { chosenWorks } from "./chosen.js";
import { actOf, isTyping } from "./keys.js";
import { holdForms, openQueue, say } from "./queue.js";
import { pictureView } from "./view.js";
import { tokenNear } from "../request.js";

const ahead = worksAhead();
const first = document.querySelector("form[data-desk]");
let shown = null;
const queue = openQueue(first.dataset.owner, tokenNear(first), (kind, words) => shown?.tell(kind, words));
open(first);
holdForms(queue, (kind, words) => shown.tell(kind, words));
document.addEventListener("keydown", (event) => shown.press(event));
document.addEventListener("keyup", (event) => shown.release(event));
addEventListener("pagehide", () => shown.keepNote());
// Not where only the place within the page changed, as by the link to the content.
const here = () => location.pathname + location.search;
let turnedTo = here();
addEventListener("popstate", () => { if (here() !== turnedTo) location.reload(); });

function open(form) {
  shown?.end();
  shown = desk(form);
  ahead.prepare(form.dataset.nextUrl);
}

/** Put a work that is ready in the place of the one shown; what the page says of others is asked for again. */
async function turn(address, { page, image }) {
  const main = document.getElementById("main");
  page.querySelector("[data-desk-view] img").replaceWith(image);
  main.replaceChildren(...[...page.getElementById("main").childNodes].map((node) => document.adoptNode(node)));
  for (const name of ["title", ".desk-bar__title"]) document.querySelector(name).textContent = page.querySelector(name).textContent;
  history.pushState(null, "", address);
  turnedTo = here();
  scrollTo(0, 0);
  const form = main.querySelector("form[data-desk]");
  open(form);
  shown.tell("", main.querySelector("h1").textContent);
  try {
    await queue.flush();
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!form.isConnected) return;
    for (const old of main.querySelectorAll("[data-desk-fresh]")) {
      const part = fresh.querySelector(`[data-desk-fresh="${old.dataset.deskFresh}"]`);
      if (part && !old.contains(document.activeElement)) old.replaceChildren(...part.childNodes);
    }
    shown.showChosen();
  } catch {
    // Without a network the page says what it said when it was fetched.
  }
}

function desk(form) {
  const { work, putUrl } = form.dataset;
  const ending = new AbortController();
  const { signal } = ending;
  const state = document.querySelector("[data-desk-state]");
  const criteria = Array.from(form.querySelectorAll("[data-criterion]"));
  const note = form.querySelector("[data-desk-note]");
  const strip = document.querySelector("[data-desk-strip]");
  const flag = form.querySelector("[data-desk-flag]");
  const help = document.querySelector("[data-desk-help]");
  let marked = 0;
  const enqueue = (change) => queue.add(work, putUrl, change);

  function tell(kind, words) {
    say(state, kind, words, form.dataset.signinUrl);
    showStrip();
  }

  // What waits here is newer than what the server wrote into the page.
  for (const body of queue.changesOf(work)) {
    if ("note" in body) {
      if (note) note.value = body.note;
    } else if ("flagged" in body) {
      showFlag(body.flagged);
    } else {
      const radio = radioOf(criteria.find((c) => c.dataset.criterion === body.criterion), body.level);
      if (radio) radio.checked = true;
    }
  }

  // ---- scoring ----
  function radioOf(criterion, level) {
    return criterion ? criterion.querySelector(`input[type="radio"][value="${level}"]`) : null;
  }

  function mark(index) {
    marked = Math.min(criteria.length - 1, Math.max(0, index));
    criteria.forEach((c, i) => c.toggleAttribute("data-active", i === marked));
    if (!view.isWide) criteria[marked]?.scrollIntoView({ block: "nearest" });
    showStrip();
  }

  function showStrip() {
    if (!strip || !criteria[marked]) return;
    const given = criteria[marked].querySelector("input:checked");
    strip.textContent = `${criteria[marked].querySelector("legend span").textContent} ${given ? given.value : "–"} · ${state?.textContent || ""}`;
  }

  let byPointer = false;
  form.addEventListener("pointerdown", () => { byPointer = true; });
  form.addEventListener("keydown", () => { byPointer = false; }, true);
  form.addEventListener("change", (event) => {
    const criterion = event.target.closest("[data-criterion]");
    if (!criterion) return;
    enqueue({ criterion: criterion.dataset.criterion, level: Number(event.target.value) });
    mark(criteria.indexOf(criterion));
    if (byPointer) goOnward();
    // After a click or a touch the arrows belong to the pictures again, not to the radio.
    if (byPointer) event.target.blur();
  });
  let noteTimer = 0;
  note?.addEventListener("input", () => {
    clearTimeout(noteTimer);
    noteTimer = setTimeout(() => { noteTimer = 0; enqueue({ note: note.value }); }, 800);
  });
  const keepNote = () => {
    if (!noteTimer) return;
    clearTimeout(noteTimer);
    noteTimer = 0;
    enqueue({ note: note.value });
  };

  function showFlag(isOn) {
    if (!flag) return;
    flag.value = isOn ? "no" : "yes";
    flag.textContent = `${isOn ? "★ 표시 풀기" : "☆ 표시하기"}${flag.dataset.key}`;
  }
  flag?.addEventListener("click", (event) => {
    event.preventDefault();
    const isOn = flag.value === "yes";
    showFlag(isOn);
    enqueue({ flagged: isOn });
  });

  form.addEventListener("submit", async (event) => {
    keepNote();
    if (event.submitter?.value === "next" && form.dataset.nextUrl) {
      // Every press is kept already: nothing is left to send.
      event.preventDefault();
      event.stopImmediatePropagation();
      return void go(form.dataset.nextUrl);
    }
    if (!queue.waiting()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await queue.flush();
    if (!queue.waiting()) form.requestSubmit(event.submitter || undefined);
  }, true);

  // ---- the picture ----
  const view = pictureView(form.querySelector("[data-desk-view]"));
  signal.addEventListener("abort", view.end);
  for (const [way, address] of [["next", form.dataset.nextUrl], ["prev", form.dataset.prevUrl]]) {
    form.querySelector(`a[rel="${way}"]`)?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(address);
    });
  }

  // ---- keys ----
  // Where one press is all there is to say of a work, it leads to the next one, if the judge wants that.
  const onward = form.querySelector("[data-desk-onward]");
  try {
    if (onward) onward.checked = localStorage.getItem("desk.onward") !== "off";
  } catch {
    // The box then stands as the page was sent.
  }
  onward?.addEventListener("change", () => {
    try {
      localStorage.setItem("desk.onward", onward.checked ? "on" : "off");
    } catch {
      // The choice holds for this page.
    }
  });
  function goOnward() {
    if (!onward?.checked || !form.dataset.nextUrl) return false;
    go(form.dataset.nextUrl);
    return true;
  }

  async function go(address) {
    if (!address) return;
    keepNote();
    const ready = ahead.take(address);
    if (ready) return turn(address, ready);
    if (queue.waiting()) await queue.flush();
    if (!navigator.onLine) return tell("offline", `오프라인 — ${queue.waiting()}건 대기. 다시 이어지면 다음 작품으로 가실 수 있습니다.`);
    if (!queue.waiting()) location.assign(address);
    return undefined;
  }

  const chosen = chosenWorks(form, signal);
  const acts = {
    zoom: view.zoom,
    wide: view.wide,
    flag: () => flag?.click(),
    spread: () => document.querySelector("[data-desk-spread]")?.click(),
    choose: () => chosen.toggle(document.activeElement.closest("li")?.querySelector("[data-choose]")?.value || work),
    compare: chosen.open,
    help: () => help.showModal(),
  };

  function give(level, radioHeld) {
    const criterion = radioHeld ? radioHeld.closest("[data-criterion]") : criteria[marked];
    const radio = radioOf(criterion, level);
    if (!radio) return;
    radio.checked = true;
    enqueue({ criterion: criterion.dataset.criterion, level: Number(level) });
    mark(criteria.indexOf(criterion) + 1);
    if (!goOnward() && radioHeld) criteria[marked].querySelector("input:checked, input")?.focus();
  }

  function press(event) {
    if (isTyping(event)) return;
    const radioHeld = event.target.matches('input[type="radio"]') ? event.target : null;
    const { key } = event;
    const act = actOf(event);
    if (act.startsWith("level-")) give(act.slice(6), radioHeld);
    else if (act === "loupe") {
      if (!event.repeat) view.loupe(true);
    } else if (act) {
      if (!event.repeat) acts[act]();
    } else if (key === "Escape" && view.isWide) view.narrow();
    else if (radioHeld) return;
    else if (view.move(key)) event.stopPropagation();
    else if (key === "ArrowUp") mark(marked - 1);
    else if (key === "ArrowDown") mark(marked + 1);
    else if (key === "ArrowLeft") go(form.dataset.prevUrl);
    else if (key === "ArrowRight") go(form.dataset.nextUrl);
    else return;
    event.preventDefault();
  }

  function release(event) {
    if (actOf(event) === "loupe" && view.isLoupe) view.loupe(false);
  }

  mark(Math.max(0, criteria.findIndex((c) => !c.querySelector("input:checked"))));
  return { tell, press, release, keepNote, showChosen: chosen.show, end: () => ending.abort() };
}
