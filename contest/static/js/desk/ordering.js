/* Works put in order: by buttons, by the place chosen, or by keys while a work holds the focus.

   ol[data-ordering]        the works in the order as it stands; each [data-ordering-work] with a <select> of its place
   [data-ordering-moves]    its buttons, [data-move]: -1 up, 1 down; hidden without script
   [data-ordering-said]     role="status" before the list: where a work went
   [data-ordering-help]     how it goes by keys; hidden without script

   Every move is told by an `ordering` event on the list (ballot.js keeps it). Nothing is numbered until the judge has moved something: an order that nobody chose is not sent. */

for (const list of document.querySelectorAll("[data-ordering]")) {
  const works = () => [...list.querySelectorAll("[data-ordering-work]")];
  const placeOf = (work) => work.querySelector("select");
  const said = list.parentElement.querySelector("[data-ordering-said]");

  function number() {
    works().forEach((work, at) => { placeOf(work).value = String(at + 1); });
  }

  function put(work, place) {
    const others = works().filter((one) => one !== work);
    const at = Math.max(0, Math.min(others.length, place));
    const focused = work.contains(document.activeElement) ? document.activeElement : null;
    list.insertBefore(work, others[at] || null);
    number();
    focused?.focus();
    said.textContent = `${work.dataset.name}: ${at + 1}번째`;
    list.dispatchEvent(new CustomEvent("ordering"));
  }

  const placed = works().filter((work) => placeOf(work).value);
  if (placed.length === works().length) {
    placed.sort((one, other) => placeOf(one).value - placeOf(other).value).forEach((work) => list.append(work));
  }
  for (const work of works()) {
    work.tabIndex = 0;
    work.dataset.name = work.querySelector("label").textContent.trim();
    work.setAttribute("aria-label", work.dataset.name);
    work.querySelector("[data-ordering-moves]").hidden = false;
    for (const button of work.querySelectorAll("[data-move]")) {
      button.addEventListener("click", () => put(work, works().indexOf(work) + Number(button.dataset.move)));
    }
    placeOf(work).addEventListener("change", () => { if (placeOf(work).value) put(work, Number(placeOf(work).value) - 1); });
    work.addEventListener("keydown", (event) => {
      if (event.target !== work || event.ctrlKey || event.altKey || event.metaKey) return;
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      const at = works().indexOf(work);
      if (step && event.shiftKey) put(work, at + step);
      else if (step) works()[at + step]?.focus();
      else if (/^[1-9]$/.test(event.key)) put(work, Number(event.key) - 1);
      else return;
      event.preventDefault();
    });
  }
  list.parentElement.querySelectorAll("[data-ordering-help]").forEach((help) => { help.hidden = false; });
}
