/* The judge's desk: scoring by touch or keys, every score kept at once, nothing lost without a line.

   form[data-desk]       a plain form that posts all levels and the note without this module, and carries
     data-work           the work's code; data-owner: the judge's own code, so that a shared computer never sends
                         one judge's scores as another's
     data-put-url        PUT JSON {id, at} with {criterion, level}, {note} or {flagged}, X-CSRFToken -> 2xx {saved_at: ISO}
                         `id` is made here once per change: a repeat of it must change nothing
     data-next-url, data-prev-url   where the arrows go (empty at the ends)
     data-preload        addresses of the next pictures, separated by spaces
     data-signin-url     where to sign in again (optional)
   fieldset[data-criterion="KEY"]   five radios with value 1..5
   textarea[data-desk-note]
   [data-desk-flag]      the button that marks the work to come back to; its value is what a press makes of it (yes, no)
   [data-desk-spread]    the button that opens the dialog of own levels so far
   [data-desk-view]      the picture and what looks closer at it: see desk_view.js
   [data-desk-strip]     the marked criterion, its level and the state in words, for when the rubric is hidden
   [data-desk-state]     role="status": 저장됨 14:03:22 | 저장 중… | 오프라인 — 2건 대기 | the server's own sentence
   [data-desk-onward]    a checkbox: where one criterion is all, giving it leads to the next work (kept on this computer)
   [data-desk-keys]      a checkbox: single-key shortcuts on or off (kept on this computer)
   [data-desk-help]      the <dialog> that ? opens

   Keys: 1-5 level of the marked criterion, then the next; up/down mark a criterion; left/right previous/next work;
   F mark; Z 100 %; L held: the loupe; B the picture alone; D own levels so far; ? help. While the picture is
   zoomed or under the loupe the arrows move it. Never inside a text field, never with Ctrl, Alt or Meta, never while a dialog is open. A radio
   reached by Tab keeps its own arrow keys.
   The queue stands in localStorage under desk:<owner>:<work>; an entry leaves it only after a 2xx (or when the server
   refuses it for good, which is shown). It is sent at once, on `online`, every 5 s and when any desk page opens. */

import { pictureView } from "./desk_view.js";
import { Refused, askJson, clockText, tokenNear } from "./request.js";

const form = document.querySelector("form[data-desk]");
if (form) desk();

function desk() {
  const { work, owner = "", putUrl } = form.dataset;
  const token = tokenNear(form);
  const prefix = `desk:${owner}:`;
  const state = document.querySelector("[data-desk-state]");
  const criteria = Array.from(form.querySelectorAll("[data-criterion]"));
  const note = form.querySelector("[data-desk-note]");
  const strip = document.querySelector("[data-desk-strip]");
  const flag = form.querySelector("[data-desk-flag]");
  const keysBox = document.querySelector("[data-desk-keys]");
  const help = document.querySelector("[data-desk-help]");
  let marked = Math.max(0, criteria.findIndex((c) => !c.querySelector("input:checked")));
  let flushing = null;
  let refusal = "";

  // ---- the queue ----
  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key)) || [];
    } catch {
      return [];
    }
  }

  // Storage may be full or forbidden; then the queue lives as long as the page.
  const memory = new Map();
  const queueOf = (key) => memory.get(key) || read(key);

  function write(key, entries) {
    try {
      if (entries.length) localStorage.setItem(key, JSON.stringify(entries));
      else localStorage.removeItem(key);
      memory.delete(key);
    } catch {
      memory.set(key, entries);
    }
  }

  function ownKeys() {
    const stored = [];
    try {
      for (let i = 0; i < localStorage.length; i += 1) stored.push(localStorage.key(i));
    } catch {
      // No storage: what is in memory is all there is.
    }
    return [...new Set([...stored.filter((key) => key.startsWith(prefix)), ...memory.keys()])];
  }

  const waiting = () => ownKeys().reduce((n, key) => n + queueOf(key).length, 0);

  function enqueue(change) {
    refusal = "";
    const key = prefix + work;
    const slot = ({ body }) => ["note", "flagged"].find((name) => name in body) || `criterion:${body.criterion}`;
    const entry = { url: putUrl, body: { id: newId(), at: new Date().toISOString(), ...change } };
    write(key, [...queueOf(key).filter((old) => slot(old) !== slot(entry)), entry]);
    show("saving", "저장 중…");
    flush();
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  function flush() {
    flushing = (flushing || Promise.resolve()).then(sendAll);
    return flushing;
  }

  async function sendAll() {
    for (const key of ownKeys()) {
      for (const entry of queueOf(key)) {
        try {
          const answer = await askJson(entry.url, "PUT", entry.body, token);
          drop(key, entry);
          show("saved", `저장됨 ${clockText(answer.saved_at)}`);
        } catch (error) {
          const isRefused = error instanceof Refused;
          if (isRefused && error.status === 401) return show("signin", `다시 로그인해 주세요 — ${waiting()}건 보관 중`);
          if (!isRefused || error.passing || error.status === 400) {
            // 400 is a stale token: the value is kept and sent by the next page that opens.
            return show("offline", `${navigator.onLine ? "연결 안 됨" : "오프라인"} — ${waiting()}건 대기`);
          }
          drop(key, entry);
          refusal = error.message || "이 점수는 저장할 수 없습니다.";
        }
      }
    }
    if (refusal) show("refused", refusal);
    return undefined;
  }

  function drop(key, entry) {
    write(key, queueOf(key).filter((other) => other.body.id !== entry.body.id));
  }

  function show(kind, words) {
    if (!state) return;
    state.dataset.state = kind;
    state.textContent = words;
    showStrip();
  }

  // What waits here is newer than what the server wrote into the page.
  for (const { body } of queueOf(prefix + work)) {
    if ("note" in body) {
      if (note) note.value = body.note;
    } else if ("flagged" in body) {
      showFlag(body.flagged);
    } else {
      const radio = radioOf(criteria.find((c) => c.dataset.criterion === body.criterion), body.level);
      if (radio) radio.checked = true;
    }
  }
  if (waiting()) flush();
  addEventListener("online", flush);
  addEventListener("offline", () => show("offline", `오프라인 — ${waiting()}건 대기`));
  setInterval(() => { if (waiting()) flush(); }, 5000);

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
    flag.textContent = `${isOn ? "★ 표시 풀기" : "☆ 표시하기"} (F)`;
  }
  flag?.addEventListener("click", (event) => {
    event.preventDefault();
    const isOn = flag.value === "yes";
    showFlag(isOn);
    enqueue({ flagged: isOn });
  });

  form.addEventListener("submit", async (event) => {
    keepNote();
    if (!waiting()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await flush();
    if (!waiting()) form.requestSubmit(event.submitter || undefined);
  }, true);

  // ---- the picture ----
  const view = pictureView(form.querySelector("[data-desk-view]"));
  for (const address of (form.dataset.preload || "").split(/\s+/).filter(Boolean)) {
    const next = new Image();
    next.src = address;
    next.decode().catch(() => undefined);
  }

  // ---- keys ----
  try {
    if (keysBox) keysBox.checked = localStorage.getItem("desk.keys") !== "off";
  } catch {
    // Shortcuts then stand as the page was sent.
  }
  keysBox?.addEventListener("change", () => {
    try {
      localStorage.setItem("desk.keys", keysBox.checked ? "on" : "off");
    } catch {
      // The choice holds for this page.
    }
  });

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
    if (waiting()) await flush();
    if (!waiting()) location.assign(address);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const at = event.target;
    if (at.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])")) return;
    if (keysBox && !keysBox.checked) return;
    const inRadio = at.matches('input[type="radio"]');
    const key = event.key;
    const code = event.code;
    if (/^[1-5]$/.test(key)) {
      const criterion = inRadio ? at.closest("[data-criterion]") : criteria[marked];
      const radio = radioOf(criterion, key);
      if (!radio) return;
      radio.checked = true;
      enqueue({ criterion: criterion.dataset.criterion, level: Number(key) });
      mark(criteria.indexOf(criterion) + 1);
      if (goOnward()) return event.preventDefault();
      if (inRadio) criteria[marked].querySelector("input:checked, input")?.focus();
    } else if (code === "KeyL") {
      if (!event.repeat) view.loupe(true);
    } else if (event.repeat && code.startsWith("Key")) return;
    else if (code === "KeyZ") view.zoom();
    else if (code === "KeyB") view.wide();
    else if (code === "KeyF") flag?.click();
    else if (code === "KeyD") document.querySelector("[data-desk-spread]")?.click();
    else if (key === "Escape" && view.isWide) view.narrow();
    else if (key === "?" && help) help.showModal();
    else if (inRadio) return;
    else if (view.move(key)) event.stopPropagation();
    else if (key === "ArrowUp") mark(marked - 1);
    else if (key === "ArrowDown") mark(marked + 1);
    else if (key === "ArrowLeft") go(form.dataset.prevUrl);
    else if (key === "ArrowRight") go(form.dataset.nextUrl);
    else return;
    event.preventDefault();
  });
  document.addEventListener("keyup", (event) => {
    if (event.code === "KeyL" && view.isLoupe) view.loupe(false);
  });
  mark(marked);
}
