/* Talking to our own server: JSON in and out, the CSRF token with every change. Used by the other modules.

   The token is the value of the nearest <input name="csrf_token"> (every form has one).
   A refusal carries the server's own sentence: {message} of the JSON error answer. */

export class Refused extends Error {
  constructor(status, body) {
    super((body && body.message) || "");
    this.status = status;
    this.body = body || {};
  }

  /** Whether trying again may help: busy or broken server, not a refusal of what was sent. */
  get passing() {
    return this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

export function tokenNear(element) {
  const form = element.closest("form") || document;
  const input = form.querySelector('input[name="csrf_token"]') || document.querySelector('input[name="csrf_token"]');
  return input ? input.value : "";
}

/** The parsed JSON of an answer, {} where it has none. Throws Refused, or TypeError when nothing was reached. */
export async function ask(url, { method = "GET", token = "", headers = {}, body, signal } = {}) {
  const all = { Accept: "application/json", ...headers };
  if (token) all["X-CSRFToken"] = token;
  const answer = await fetch(url, { method, headers: all, body, signal, credentials: "same-origin", redirect: "manual" });
  // A redirect means the session has ended: the sign-in page is no answer to us.
  if (answer.type === "opaqueredirect") throw new Refused(401, {});
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  const parsed = isJson ? await answer.json() : {};
  if (!answer.ok) throw new Refused(answer.status, parsed);
  return parsed;
}

export function askJson(url, method, value, token) {
  return ask(url, { method, token, headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });
}

export const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** HH:MM:SS in Seoul of an ISO instant; of this machine's clock where none is given. */
export function clockText(iso) {
  const at = iso ? new Date(iso) : new Date();
  return new Intl.DateTimeFormat("ko-KR", {
    timeZone: "Asia/Seoul", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  }).format(at);
}
