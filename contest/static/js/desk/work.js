/* The judge's desk: scoring by touch or keys, every score kept at once, nothing lost without a line.

   form[data-desk]       a plain form that posts all levels and the note without this module, and carries
     data-work           the work's code; data-owner: the judge's own code
     data-put-url        PUT JSON {id, at} with {criterion, level}, {note} or {flagged}, X-CSRFToken -> 2xx {saved_at: ISO}
     data-next-url, data-prev-url   where the arrows go (empty at the ends)
     data-preload        addresses of the next pictures, separated by spaces
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
   [data-desk-help]      the <dialog> of the keys

   Fixed keys: up/down mark a criterion, left/right go to the previous/next work; while the picture is zoomed or under
   the loupe the arrows move it. A radio reached by Tab keeps its own arrow keys. */

import { chosenWorks } from "./chosen.js";
import { actOf, isTyping } from "./keys.js";
import { openQueue } from "./queue.js";
import { pictureView } from "./view.js";
import { tokenNear } from "../request.js";

const form = document.querySelector("form[data-desk]");
if (form) desk();

function desk() {
  const { work, putUrl } = form.dataset;
  const state = document.querySelector("[data-desk-state]");
  const criteria = Array.from(form.querySelectorAll("[data-criterion]"));
  const note = form.querySelector("[data-desk-note]");
  const strip = document.querySelector("[data-desk-strip]");
  const flag = form.querySelector("[data-desk-flag]");
  const help = document.querySelector("[data-desk-help]");
  let marked = Math.max(0, criteria.findIndex((c) => !c.querySelector("input:checked")));
  const token = tokenNear(form);
  const queue = openQueue(form.dataset.owner, token, show);
  const enqueue = (change) => queue.add(work, putUrl, change);

  function show(kind, words) {
    if (!state) return;
    state.dataset.state = kind;
    state.textContent = words;
    if (kind === "signin") {
      const link = Object.assign(document.createElement("a"), { href: form.dataset.signinUrl, textContent: "로그인하기" });
      state.append(" ", link);
    }
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
  addEventListener("pagehide", keepNote);

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
    if (!queue.waiting()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await queue.flush();
    if (!queue.waiting()) form.requestSubmit(event.submitter || undefined);
  }, true);

  // ---- the picture ----
  const view = pictureView(form.querySelector("[data-desk-view]"));
  for (const address of (form.dataset.preload || "").split(/\s+/).filter(Boolean)) {
    const next = new Image();
    next.src = address;
    next.decode().catch(() => undefined);
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
    if (queue.waiting()) await queue.flush();
    if (!queue.waiting()) location.assign(address);
  }

  const chosen = chosenWorks(form);
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

  document.addEventListener("keydown", (event) => {
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
  });
  document.addEventListener("keyup", (event) => {
    if (actOf(event) === "loupe" && view.isLoupe) view.loupe(false);
  });
  mark(marked);
}
