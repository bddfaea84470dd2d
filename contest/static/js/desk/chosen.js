/* The works chosen to be looked at side by side: kept for this tab, in the order they were chosen.

   On the contact sheet and the filmstrip a work is chosen by its box or the judge's key (usually C), and looked at by
   the button or its key (usually V).

   [data-compare-url]     the address that takes ?work=…&work=…; data-owner: the judge's own code
   input[data-choose]     a box whose value is the work's code
   [data-choose-box]      holds such a box where it is of no use without this module
   [data-choose-count]    role="status": how many are chosen, or why not one more
   [data-choose-open]     the button that leads there; [data-choose-none] takes all back */

const MOST = 4;

export function chosenWorks(root, signal) {
  const key = `desk.compare:${root.dataset.owner}`;
  const count = document.querySelector("[data-choose-count]");
  const none = document.querySelector("[data-choose-none]");
  let works = [];
  try {
    works = JSON.parse(sessionStorage.getItem(key)) || [];
  } catch {
    // What is chosen then lives as long as the page.
  }

  function keep(changed) {
    works = changed;
    try {
      sessionStorage.setItem(key, JSON.stringify(works));
    } catch {
      // As above.
    }
    show();
  }

  function show(words = "") {
    for (const one of document.querySelectorAll("[data-choose-box], [data-choose-open]")) one.hidden = false;
    for (const box of document.querySelectorAll("input[data-choose]")) box.checked = works.includes(box.value);
    if (count) count.textContent = words || (works.length ? `나란히 볼 작품 ${works.length}점` : "");
    if (none) none.hidden = !works.length;
  }

  function toggle(work) {
    if (works.includes(work)) keep(works.filter((one) => one !== work));
    else if (works.length < MOST) keep([...works, work]);
    else show(`네 점까지 고를 수 있습니다. 하나를 빼고 골라 주세요.`);
  }

  function open() {
    if (works.length < 2) return show(works.length ? "한 점을 더 골라 주세요." : "나란히 볼 작품을 먼저 골라 주세요.");
    const asked = new URLSearchParams(works.map((work) => ["work", work]));
    location.assign(`${root.dataset.compareUrl}?${asked}`);
    return undefined;
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-choose]")) toggle(event.target.value);
  }, { signal });
  document.querySelector("[data-choose-open]")?.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  }, { signal });
  none?.addEventListener("click", () => keep([]), { signal });
  show();
  return { toggle, open, keep, show };
}
