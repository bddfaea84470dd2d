/* What a judge gave and the server has not yet: kept in this browser until it is stored, over a lost network and a
   closed tab.

   An entry is {url, body: {id, at, …}}: `id` is made here once per change, so that a repeat changes nothing. The queue
   stands in localStorage under desk:<owner>:<work>, so that a shared computer never sends one judge's scores as
   another's; an entry leaves it only after a 2xx, or when the server refuses it for good, which is told. It is sent at
   once, on `online`, every 5 s and when any page of the desk opens.

   tell(kind, words): saving | saved | offline | signin | refused */

import { Refused, askJson, clockText } from "../request.js";

export function openQueue(owner, token, tell) {
  const prefix = `desk:${owner}:`;
  // Storage may be full or forbidden; then the queue lives as long as the page.
  const memory = new Map();
  let flushing = null;
  let refusal = "";

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key)) || [];
    } catch {
      return [];
    }
  }

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
  const slot = ({ body }) => ["note", "flagged", "order"].find((name) => name in body) || `criterion:${body.criterion}`;

  /** Keep a change of a work and send it; the last of its kind is the one that counts. */
  function add(work, url, change) {
    refusal = "";
    const entry = { url, body: { id: newId(), at: new Date().toISOString(), ...change } };
    write(prefix + work, [...queueOf(prefix + work).filter((old) => slot(old) !== slot(entry)), entry]);
    tell("saving", "저장 중…");
    flush();
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
          tell("saved", `저장됨 ${clockText(answer.saved_at)}`);
        } catch (error) {
          const isRefused = error instanceof Refused;
          if (isRefused && error.status === 401) return tell("signin", `다시 로그인해 주세요. ${waiting()}건 보관 중`);
          if (!isRefused || error.passing || error.status === 400) {
            // 400 is a stale token: the value is kept and sent by the next page that opens.
            return tell("offline", `${navigator.onLine ? "연결 안 됨" : "오프라인"} — ${waiting()}건 대기`);
          }
          drop(key, entry);
          refusal = error.message || "이 점수는 저장할 수 없습니다.";
        }
      }
    }
    if (refusal) tell("refused", refusal);
    return undefined;
  }

  function drop(key, entry) {
    write(key, queueOf(key).filter((other) => other.body.id !== entry.body.id));
  }

  if (waiting()) flush();
  addEventListener("online", flush);
  addEventListener("offline", () => tell("offline", `오프라인 — ${waiting()}건 대기`));
  setInterval(() => { if (waiting()) flush(); }, 5000);
  return { add, flush, waiting, changesOf: (work) => queueOf(prefix + work).map(({ body }) => body) };
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Put the state into words where the judge sees it. */
export function say(place, kind, words, signinUrl) {
  place.dataset.state = kind;
  place.textContent = words;
  if (kind === "signin") place.append(" ", Object.assign(document.createElement("a"), { href: signinUrl, textContent: "로그인하기" }));
}

/** No form is sent over what still waits: signing would seal it out, leaving (data-leaves) asks for a second press. */
export function holdForms(queue, tell) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("[data-desk], [data-display]") || form.method !== "post" || !queue.waiting() || form.dataset.warned) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await queue.flush();
    if (!queue.waiting()) return void form.requestSubmit(event.submitter || undefined);
    if ("leaves" in form.dataset) form.dataset.warned = "";
    const after = "leaves" in form.dataset ? "한 번 더 누르시면 이 컴퓨터에 둔 채 나갑니다." : "모두 보낸 뒤에 눌러 주세요.";
    tell("offline", `아직 보내지 못한 것이 ${queue.waiting()}건 있습니다. ${after}`);
  }, true);
}
