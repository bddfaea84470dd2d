/* The next two works, fetched and their photographs decoded before they are asked for. */

const DEPTH = 2;

export function worksAhead() {
  /** address -> {page, image, next}, or a promise of it */
  let ready = new Map();

  async function load(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error("no page to turn to");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector("form[data-desk]");
    // Made in this document, so that it loads; shown as it is, so that nothing is decoded again.
    const image = document.importNode(form.querySelector("[data-desk-view] img"));
    image.decoding = "sync";
    await image.decode();
    return { page, image, next: form.dataset.nextUrl };
  }

  /** Have the works from this address on ready; all others are let go. */
  async function prepare(first) {
    const kept = new Map();
    let address = first;
    const before = ready;
    ready = kept;
    for (let n = 0; n < DEPTH && address && ready === kept; n += 1) {
      const held = before.get(address) || load(address);
      kept.set(address, held);
      try {
        const work = await held;
        kept.set(address, work);
        address = work.next;
      } catch {
        // The usual way there then has to do.
        kept.delete(address);
        return;
      }
    }
  }

  /** The work at an address if it is ready; otherwise nothing. */
  function take(address) {
    const held = ready.get(address);
    return held && held.page ? held : null;
  }

  return { prepare, take };
}
