/* Two pictures: beside each other, one over the other with a slider, or in turn at a press. Markup: macro media.compare.

   [data-compare]   two figure.compare__pane inside; data-text-side, -over, -blink, -slider
   Nothing flickers by itself: the picture changes when the button is pressed (or its key, Enter or Space). */

for (const box of document.querySelectorAll("[data-compare]")) start(box);

function start(box) {
  const stage = box.querySelector(".compare__stage");
  const panes = stage.querySelectorAll(".compare__pane");
  const first = panes[0].querySelector("img");
  const text = box.dataset;
  const bar = document.createElement("div");
  bar.className = "compare__bar";
  const side = toggle(text.textSide, () => view("side"));
  const over = toggle(text.textOver, () => { delete box.dataset.blink; blink.setAttribute("aria-pressed", "false"); view("over"); });
  const blink = toggle(text.textBlink, () => {
    view("over");
    box.dataset.blink = box.dataset.blink === "first" ? "second" : "first";
    blink.setAttribute("aria-pressed", String(box.dataset.blink === "second"));
  });
  const label = document.createElement("label");
  const slider = Object.assign(document.createElement("input"), { type: "range", min: "0", max: "100", value: "50" });
  label.append(text.textSlider, slider);
  label.hidden = true;
  const line = document.createElement("div");
  line.className = "compare__line";
  stage.append(line);
  slider.addEventListener("input", () => {
    delete box.dataset.blink;
    blink.setAttribute("aria-pressed", "false");
    cut();
  });
  bar.append(side, over, blink, label);
  box.prepend(bar);
  view("side");

  function toggle(words, act) {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "krds-btn small tertiary";
    b.textContent = words;
    b.addEventListener("click", act);
    return b;
  }

  function view(name) {
    box.dataset.view = name;
    side.setAttribute("aria-pressed", String(name === "side"));
    over.setAttribute("aria-pressed", String(name === "over"));
    if (name === "side") {
      delete box.dataset.blink;
      blink.setAttribute("aria-pressed", "false");
    }
    label.hidden = name === "side";
    box.style.setProperty("--compare-ratio", `${first.naturalWidth || first.width} / ${first.naturalHeight || first.height}`);
    cut();
  }

  function cut() {
    box.style.setProperty("--compare-cut", `${slider.value}%`);
  }
}
