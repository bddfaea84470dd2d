/* The seals computed again on this device, from the published scores alone; nothing of it is asked of the server.

   [data-seal-check="URL"]  a form, hidden without script; URL -> the public record (JSON), as check_result.py reads it
     data-name              of the round that the record is about; data-text-… what is said: {name}, {n}
   A seal is the root of a Merkle tree (RFC 9162, SHA-256) over the scores in their order, each a leaf of canonical
   JSON [salt, number, judge, criterion, level, at]. */

import { ask } from "./request.js";

const encoder = new TextEncoder();

for (const form of document.querySelectorAll("[data-seal-check]")) start(form);

function start(form) {
  const said = form.querySelector("[role=status]");
  const bar = form.querySelector("progress");
  const noted = form.querySelector("input");
  const text = (name, facts = {}) => Object.entries(facts).reduce(
    (words, [key, value]) => words.replaceAll(`{${key}}`, value), form.dataset[`text${name}`] || "");
  if (!globalThis.crypto?.subtle) return; // an address without https has none
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const value = noted.value.replace(/\s/g, "").toLowerCase();
    noted.toggleAttribute("aria-invalid", false);
    if (value && !/^[0-9a-f]{64}$/.test(value)) {
      noted.setAttribute("aria-invalid", "true");
      tell(said, [["bad", text("Short", { n: String(value.length) })]]);
      noted.focus();
      return;
    }
    bar.hidden = false;
    tell(said, [["", text("Working")]]);
    try {
      tell(said, await compare(await ask(form.dataset.sealCheck), form.dataset.name, value, text));
    } catch {
      tell(said, [["bad", text("Failed")]]);
    }
    bar.hidden = true;
  });
}

function tell(said, lines) {
  said.replaceChildren(...lines.map(([kind, words]) => Object.assign(document.createElement("p"), {
    className: kind ? `seal-check__${kind}` : "", textContent: words,
  })));
}

async function compare(record, name, noted, text) {
  const sealed = [
    ...(record.before || []),
    ...(record.deliberation ? [{ ...record.deliberation, name: text("First", { name }) }] : []),
    { ...record, name },
    ...(record.runoffs || []).map((one, at) => ({ ...one, name: text("Runoff", { n: String(at + 1) }) })),
  ];
  const lines = [];
  for (const one of sealed) {
    const root = await rootOf(one.commitment.salt, one.scores);
    const facts = { name: one.name, n: one.scores.length.toLocaleString() };
    lines.push(root === one.commitment.root ? ["good", text("Same", facts)] : ["bad", text("Other", facts)]);
  }
  if (!noted) return lines;
  const same = sealed.find((one) => one.commitment.root === noted);
  const earlier = sealed.find((one) => (one.superseded || []).some(([root]) => root === noted));
  if (same) lines.push(["good", text("Noted", { name: same.name })]);
  else if (earlier) lines.push(["bad", text("Superseded", { name: earlier.name })]);
  else lines.push(["bad", text("Unlike")]);
  return lines;
}

/** The root (hex) over scores [number, judge, criterion, level, at]. */
async function rootOf(salt, scores) {
  const ordered = [...scores].sort(order);
  let hashes = await Promise.all(ordered.map((score) => sha256(new Uint8Array([0]), encoder.encode(JSON.stringify([salt, ...score])))));
  if (!hashes.length) return hex(await sha256());
  // Level by level with the odd one carried up: the same tree as splitting at the largest power of two below.
  while (hashes.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < hashes.length; at += 2) above.push(sha256(new Uint8Array([1]), hashes[at], hashes[at + 1]));
    hashes = [...await Promise.all(above), ...(hashes.length % 2 ? [hashes.at(-1)] : [])];
  }
  return hex(hashes[0]);
}

function order(one, other) {
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] < other[at]) return -1;
    if (one[at] > other[at]) return 1;
  }
  return 0;
}

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
