/* Photographs sent in slices, with progress, retries and the result of the checks. Markup: macro media.upload.

   Without this module the file input posts whole in its multipart form.
   [data-upload] carries
     data-create-url   POST JSON {name, size, type, sha256} -> 201 JSON {url, status_url, offset}; an upload of the same
                       file that was broken off, in this tab or another, goes on at its offset
                       GET -> JSON {waiting: [{received, size}]}: what was broken off and may go on
     data-max-bytes    0 = no limit here (the server decides in any case); data-max-files; data-text-…
     data-least-side, data-taken-from, data-taken-until (YYYY-MM-DD), data-known (digests of works already there):
                       what the advice before sending is about; people may send the file all the same
   PATCH url           body = at most 1 MiB, header Upload-Offset: the bytes already sent, X-CSRFToken
                       -> 2xx JSON {offset}; 409 JSON {offset} tells the true offset; 5xx and no answer are tried again;
                       any other 4xx ends it with the server's {message}. A redirect or anything but JSON is not ours
                       (a hotel's sign-in page, a proxy) and is tried again like a broken line
   GET status_url      -> JSON {state: "checking" | "ok" | "note" | "bad", text, sha256?, preview_url?} until it is not checking
   DELETE url          takes an upload back (cancel and remove)
   When all files are done the element fires "uploads-settled" (bubbles) with detail {ok, bad}; a data-reload attribute
   on [data-upload] then loads the page again, so that the server's own list is shown.
   While anything is being sent, leaving the page asks first and buttons with data-upload-waits are disabled. */

import { digest, readFacts } from "./photo_facts.js";
import { Refused, ask, askJson, tokenNear, wait } from "./request.js";

const SLICE = 1024 * 1024;
const LONGEST_WAIT = 20000;

for (const box of document.querySelectorAll("[data-upload]")) start(box);

function start(box) {
  const input = box.querySelector('input[type="file"]');
  const list = box.querySelector("[data-upload-list]");
  const live = box.querySelector("[data-upload-live]");
  const awake = box.querySelector("[data-upload-awake]");
  const text = (name) => box.dataset[`text${name}`] || "";
  const token = tokenNear(box);
  const most = Number(box.dataset.maxFiles) || Infinity;
  const known = new Set((box.dataset.known || "").split(" ").filter(Boolean));
  const running = new Set();
  const counts = { ok: 0, bad: 0 };
  let lock = null;
  let queue = Promise.resolve();

  box.dataset.ready = "";
  tellWaiting();
  input.addEventListener("change", () => {
    take(Array.from(input.files));
    input.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    box.addEventListener(kind, (event) => { event.preventDefault(); box.dataset.over = ""; });
  }
  for (const kind of ["dragleave", "drop"]) {
    box.addEventListener(kind, (event) => { event.preventDefault(); delete box.dataset.over; });
  }
  box.addEventListener("drop", (event) => take(Array.from(event.dataTransfer.files)));
  addEventListener("beforeunload", (event) => { if (running.size) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && running.size) keepAwake(); });

  function take(files) {
    const room = most - list.querySelectorAll("li:not(.file--bad)").length;
    if (files.length > room) live.textContent = text("TooMany").replace("{max}", String(most));
    for (const file of files.slice(0, Math.max(0, room))) {
      const row = makeRow(file);
      const refusal = refuse(file);
      if (refusal) refuseRow(row, refusal);
      else look(file, row);
    }
    if (files.length > room) {
      const row = makeRow(files[Math.max(0, room)]);
      refuseRow(row, text("TooMany").replace("{max}", String(most)));
    }
  }

  /** Told, and can be cleared away: nobody wonders whether it was handed in. */
  function refuseRow(row, words) {
    settle(row, "bad", words);
    button(row, text("Remove"), () => { counts.bad -= 1; forget(row); });
  }

  function refuse(file) {
    const limit = Number(box.dataset.maxBytes);
    if (file.size === 0) return text("Empty");
    if (limit && file.size > limit) {
      return text("TooBig").replaceAll("{max}", String(Math.floor(limit / 1048576)))
        .replace("{megabytes}", (Math.ceil(file.size / 104857.6) / 10).toFixed(1));
    }
    return "";
  }

  /** Looks at the file before it is sent: a wrong kind is refused, anything else is advice. */
  async function look(file, row) {
    running.add(row);
    hold(true);
    row.bar.removeAttribute("value");
    const facts = await readFacts(file);
    const kinds = input.accept.split(",").map((kind) => kind.trim()).filter(Boolean);
    if (!kinds.includes(facts.kind)) {
      refuseRow(row, text(facts.kind === "image/heic" ? "Heic" : "Type"));
      return;
    }
    row.sha256 = await digest(file);
    const advice = adviceOn(row, facts);
    row.isFirst = Boolean(row.sha256) && !known.has(row.sha256);
    if (row.isFirst) known.add(row.sha256);
    if (!advice) {
      enqueue(file, row);
      return;
    }
    refuseRow(row, advice);
    button(row, text("Anyway"), () => again(file, row), { beside: true });
  }

  function adviceOn(row, facts) {
    const side = Math.max(facts.width || 0, facts.height || 0);
    const { leastSide, takenFrom, takenUntil } = box.dataset;
    if (row.sha256 && known.has(row.sha256)) return text("Twice");
    if (side && side < Number(leastSide)) return text("Small").replace("{side}", side.toLocaleString());
    if (facts.taken && takenFrom && (facts.taken < takenFrom || facts.taken > takenUntil)) {
      return text("Date").replace("{taken}", facts.taken);
    }
    return "";
  }

  function again(file, row) {
    row.item.className = "file file--wait";
    row.bar.hidden = false;
    row.bar.value = 0;
    row.cancelled = false;
    counts.bad -= 1;
    enqueue(file, row);
  }

  /** What an earlier visit left half sent is told, so that the same file is chosen again and not feared lost. */
  async function tellWaiting() {
    const waiting = (await ask(box.dataset.createUrl).catch(() => ({}))).waiting || [];
    if (!waiting.length) return;
    const { received, size } = waiting[0];
    awake.hidden = false;
    awake.textContent = text("Waiting").replace("{percent}", String(Math.floor((100 * received) / size)));
  }

  function makeRow(file) {
    const item = document.createElement("li");
    item.className = "file file--wait";
    const words = document.createElement("div");
    words.className = "file__text";
    const name = line("file__name", file.name.normalize("NFC"));
    const size = line("file__size", file.size >= 1000000 ? `${(file.size / 1000000).toFixed(1)}MB` : `${Math.ceil(file.size / 1000)}KB`);
    const state = line("file__state", text("Sending"));
    words.append(name, size, state);
    const actions = document.createElement("div");
    actions.className = "file__actions";
    const bar = document.createElement("progress");
    bar.max = Math.max(1, file.size);
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(words, actions, bar);
    list.append(item);
    return { item, state, actions, bar, words, name: file.name, sha256: "", cancelled: false, url: "" };
  }

  function line(kind, words) {
    const p = document.createElement("p");
    p.className = kind;
    p.textContent = words;
    return p;
  }

  function button(row, words, act, { beside = false } = {}) {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "krds-btn small tertiary";
    b.textContent = words;
    b.setAttribute("aria-label", `${words}: ${row.name}`);
    b.addEventListener("click", act);
    if (!beside) row.actions.replaceChildren();
    row.actions.append(b);
  }

  function enqueue(file, row) {
    running.add(row);
    hold(true);
    button(row, text("Cancel"), () => { row.cancelled = true; forget(row); });
    queue = queue.then(() => send(file, row));
  }

  async function forget(row) {
    running.delete(row);
    row.item.remove();
    if (row.isFirst) known.delete(row.sha256); // taken back, it may be chosen again
    hold(running.size > 0);
    input.focus();
    if (row.url) await ask(row.url, { method: "DELETE", token }).catch(() => undefined);
  }

  /** One file: create, slices, checks. Never throws: every end is shown on its row. */
  async function send(file, row) {
    if (row.cancelled) return;
    keepAwake();
    live.textContent = `${row.name}: ${text("Sending")}`;
    try {
      const created = await persist(row, () => askJson(box.dataset.createUrl, "POST",
        { name: row.name.normalize("NFC"), size: file.size, type: file.type, sha256: row.sha256 }, token).then((told) => {
        if (!told.url) throw new Refused(0, {});
        return told;
      }));
      row.url = created.url;
      let offset = created.offset || 0;
      row.bar.value = offset;
      while (offset < file.size && !row.cancelled) {
        const from = offset;
        offset = await persist(row, () => slice(created.url, file, from));
        row.bar.value = offset;
        row.state.textContent = `${text("Sending")} ${Math.floor((100 * offset) / file.size)}%`;
      }
      if (row.cancelled) return;
      row.state.textContent = text("Checking");
      live.textContent = `${row.name}: ${text("Checking")}`;
      row.bar.removeAttribute("value");
      await awaitChecks(created.status_url, row);
    } catch (error) {
      if (row.cancelled) return;
      settle(row, "bad", (error instanceof Refused && error.message) || text("Failed"));
      button(row, text("Again"), () => again(file, row));
    }
  }

  async function slice(url, file, offset) {
    try {
      const answer = await ask(url, {
        method: "PATCH", token, body: file.slice(offset, offset + SLICE),
        headers: { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
      });
      if (!Number.isInteger(answer.offset)) throw new Refused(0, {});
      return answer.offset;
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && Number.isInteger(error.body.offset)) return error.body.offset;
      throw error;
    }
  }

  /** Again and again with growing pauses while the server or the line fails; refusals pass through. */
  async function persist(row, act) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await act();
      } catch (error) {
        if ((error instanceof Refused && !error.passing && isOurs(error)) || tries >= 12 || row.cancelled) throw error;
        row.state.textContent = text("Retry");
        await Promise.race([wait(Math.min(LONGEST_WAIT, 500 * 2 ** tries)), backOnline()]);
      }
    }
  }

  /** Our server says every refusal in a sentence; whoever answers otherwise stands in between. */
  function isOurs(error) {
    return Boolean(error.message) || Number.isInteger(error.body.offset);
  }

  function backOnline() {
    return new Promise((resolve) => { addEventListener("online", resolve, { once: true }); });
  }

  async function awaitChecks(url, row) {
    for (let pause = 400; ; pause = Math.min(4000, pause * 1.4)) {
      const answer = await persist(row, () => ask(url).then((told) => {
        if (!told.state) throw new Refused(0, {});
        return told;
      }));
      if (row.cancelled) return;
      if (answer.state !== "checking") {
        if (answer.preview_url) showPreview(row, answer.preview_url);
        button(row, text("Remove"), () => { row.cancelled = true; forget(row); });
        settle(row, answer.state === "bad" ? "bad" : "ok", answer.text || text("Done"));
        tellArrival(row, answer.sha256);
        return;
      }
      if (answer.text) row.state.textContent = answer.text;
      await wait(pause);
    }
  }

  /** The bytes that lie there and the bytes here have one fingerprint: said, and shown to who wants to see it. */
  function tellArrival(row, sha256) {
    if (!sha256 || sha256 !== row.sha256) return;
    const proof = line("file__size", text("Whole"));
    proof.append(" ", Object.assign(document.createElement("code"), { textContent: sha256.slice(0, 12), title: sha256 }));
    row.words.append(proof);
  }

  function showPreview(row, url) {
    const img = document.createElement("img");
    img.className = "file__thumb";
    img.alt = "";
    img.src = url;
    row.item.prepend(img);
  }

  function settle(row, state, words) {
    row.item.className = `file file--${state}`;
    row.state.textContent = words;
    row.bar.hidden = true;
    live.textContent = `${row.name}: ${words}`;
    counts[state] += 1;
    if (state === "ok") document.querySelector("[data-error-summary]")?.remove(); // it spoke of how things were
    const wasRunning = running.delete(row);
    hold(running.size > 0);
    if (running.size || !wasRunning) return;
    if (lock) { lock.release(); lock = null; }
    box.dispatchEvent(new CustomEvent("uploads-settled", { bubbles: true, detail: { ...counts } }));
    if ("reload" in box.dataset && counts.bad === 0) location.reload();
  }

  function hold(busy) {
    awake.hidden = !busy;
    awake.textContent = busy ? text("Awake") : "";
    const form = box.closest("form") || document;
    for (const b of form.querySelectorAll("[data-upload-waits]")) b.disabled = busy;
  }

  async function keepAwake() {
    if (lock || !navigator.wakeLock) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } catch {
      lock = null; // Refused on low battery: the sentence about the screen stands there anyway.
    }
  }
}
