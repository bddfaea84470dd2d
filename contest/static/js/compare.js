/* Two pictures: beside each other, or the right one laid over the left where it lies there. Markup: macro media.compare.

   [data-compare]   two figure.compare__pane inside; data-text-…: the words
   data-laid        nine numbers: the homography from shares of the right picture's sides to shares of the left one's
   data-by-key      the key that changes from one to the other (screening.js presses it)
   Ways to look: a slider, in turn, and the difference. In turn is at each press; by itself only where somebody asked for
   it, at 0.7 Hz, until it is stopped (the same button, Escape, another way to look); never where less motion is wished. */

const EACH = 700; // ms a picture stands
const still = matchMedia("(prefers-reduced-motion: reduce)");

for (const box of document.querySelectorAll("[data-compare]")) start(box);

function start(box) {
  const text = box.dataset;
  const stage = box.querySelector(".compare__stage");
  const [left, right] = stage.querySelectorAll(".compare__pane");
  const frame = left.querySelector(".compare__frame");
  const laid = text.laid?.split(" ").map(Number);
  let timer = 0;

  const bar = make("div", { className: "compare__bar", role: "group", ariaLabel: text.textWays });
  const ways = {
    side: button(text.textSide, () => look("side")),
    over: button(text.textOver, () => look("over")),
    blink: button(text.textBlink, () => { stop(); look("blink"); show(text.shown === "second" ? "first" : "second"); }),
    difference: button(text.textDifference, () => look("difference")),
  };
  if (text.byKey) ways.blink.dataset.key = text.byKey;
  const auto = button(text.textAuto, () => (timer ? stop() : run()));
  const slider = make("input", { type: "range", min: "0", max: "100", value: "50" });
  const label = make("label", {});
  label.append(text.textSlider, slider);
  const note = make("p", { className: "compare__note", role: "status" });
  stage.append(make("div", { className: "compare__line" }));
  bar.append(...Object.values(ways), auto, label);
  box.prepend(bar, note);

  slider.addEventListener("input", cut);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
  document.addEventListener("visibilitychange", stop);
  still.addEventListener("change", () => { stop(); look(text.view); });
  new ResizeObserver(lay).observe(frame);
  look("side");

  function make(name, properties) { return Object.assign(document.createElement(name), properties); }

  function button(words, act) {
    const made = make("button", { type: "button", className: "krds-btn small tertiary", textContent: words });
    made.addEventListener("click", act);
    return made;
  }

  function look(way) {
    if (way !== "blink") { stop(); delete text.shown; }
    text.view = way;
    box.toggleAttribute("data-laying", way !== "side");
    for (const [name, control] of Object.entries(ways)) control.setAttribute("aria-pressed", String(name === way));
    label.hidden = way !== "over";
    auto.hidden = way !== "blink" || still.matches;
    const told = { over: text.textSlide.replace("{left}", titled(left)).replace("{right}", titled(right)), difference: text.textDark }[way] ?? "";
    say(told);
    cut();
    lay();
  }

  function say(words) {
    note.textContent = [text.view !== "side" && text.textWhole, words].filter(Boolean).join(" ");
    note.hidden = !note.textContent;
  }

  function titled(pane) { return pane.querySelector("figcaption").textContent; }

  function show(which) {
    text.shown = which;
    // Read out at each press, not at each change by itself.
    if (!timer) say(text.textShowing.replace("{title}", titled(which === "second" ? right : left)));
  }

  function run() {
    auto.textContent = text.textStop;
    auto.setAttribute("aria-pressed", "true");
    timer = setInterval(() => show(text.shown === "second" ? "first" : "second"), EACH);
  }

  function stop() {
    if (!timer) return;
    clearInterval(timer);
    timer = 0;
    auto.textContent = text.textAuto;
    auto.setAttribute("aria-pressed", "false");
    if (text.view === "blink") show(text.shown);
  }

  function cut() { box.style.setProperty("--compare-cut", `${slider.value}%`); }

  function lay() {
    const image = left.querySelector("img");
    const wide = frame.clientWidth;
    const high = frame.clientHeight;
    box.style.setProperty("--compare-ratio", `${image.getAttribute("width")} / ${image.getAttribute("height")}`);
    if (!wide || !high) return;
    box.style.setProperty("--compare-high", `${high}px`);
    if (!laid) return;
    const [a, b, c, d, e, f, g, h, i] = laid;
    // Shares are sides of this frame here: both pictures fill it before the right one is laid.
    const matrix = [a, (d * high) / wide, 0, g / wide, (b * wide) / high, e, 0, h / high, 0, 0, 1, 0, c * wide, f * high, 0, i];
    box.style.setProperty("--compare-laid", `matrix3d(${matrix.map((n) => n.toFixed(12)).join(",")})`);
    const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => {
      const bottom = g * x + h * y + i;
      return `${((100 * (a * x + b * y + c)) / bottom).toFixed(3)}% ${((100 * (d * x + e * y + f)) / bottom).toFixed(3)}%`;
    });
    box.style.setProperty("--compare-both", `polygon(${corners.join(",")})`);
  }
}
