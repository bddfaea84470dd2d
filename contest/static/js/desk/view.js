/* The picture on the desk: as large as the window, at its true 100 % in place, under a loupe.

   [data-desk-view]     holds the <img>; data-zoom-src = the clean full-size rendition, loaded on the first closer look;
                        data-original-side = the long side of the original in pixels, for the percentage
   [data-desk-zoom], [data-desk-loupe], [data-desk-wide]   buttons (aria-pressed) that do what their keys do
   [data-desk-percent]  role="status": how many per cent of the original are shown

   100 % is one pixel of the picture on one pixel of the screen. Wide hides the bars and the rubric (kept on this
   computer). The loupe follows the pointer or the arrows. */

import Panzoom from "../../vendor/panzoom/panzoom.es.js";

const STEP = 120;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function pictureView(view) {
  const image = view.querySelector("img");
  const [zoomButton, loupeButton, wideButton] = ["zoom", "loupe", "wide"].map((name) => document.querySelector(`[data-desk-${name}]`));
  const percent = document.querySelector("[data-desk-percent]");
  const pan = Panzoom(image, { maxScale: 64, minScale: 0.1, cursor: "default", disablePan: true });
  const glass = Object.assign(document.createElement("div"), { className: "loupe", hidden: true });
  view.append(glass);
  let full = null;
  let at = null;

  const tell = (words) => { if (percent) percent.textContent = words; };
  const isZoomed = () => "zoomed" in view.dataset;
  const press = (button, isOn) => button?.setAttribute("aria-pressed", String(isOn));

  /** The full rendition, decoded once; null (and said) where it cannot be had. */
  async function loadFull() {
    if (full) return full;
    const picture = new Image();
    picture.src = view.dataset.zoomSrc;
    tell("크게 불러오는 중…");
    try {
      await picture.decode();
    } catch {
      tell("큰 사진을 불러오지 못했습니다. 다시 눌러 주세요.");
      return null;
    }
    full = picture;
    tell("");
    return full;
  }

  function share(scale) {
    const original = Number(view.dataset.originalSide) || Math.max(full.naturalWidth, full.naturalHeight);
    return Math.round((scale * 100 * Math.max(full.naturalWidth, full.naturalHeight)) / original);
  }

  const trueScale = () => full.naturalWidth / image.clientWidth / devicePixelRatio;

  async function zoom() {
    if (isZoomed()) {
      pan.reset({ animate: false });
      pan.setOptions({ disablePan: true });
      delete view.dataset.zoomed;
      tell("");
    } else {
      if (!(await loadFull())) return;
      if (image.src !== full.src) image.src = full.src;
      pan.setOptions({ disablePan: false });
      pan.zoom(trueScale(), { animate: false });
      view.dataset.zoomed = "";
      tell(`원본의 ${share(1)} %`);
    }
    press(zoomButton, isZoomed());
  }

  async function loupe(isOn) {
    if (isOn && !(await loadFull())) return;
    glass.hidden = !isOn;
    view.toggleAttribute("data-loupe", isOn);
    press(loupeButton, isOn);
    if (isOn) {
      glass.style.backgroundImage = `url("${full.src}")`;
      tell(`돋보기: 원본의 ${share(1)} %`);
      look(at || { x: view.clientWidth / 2, y: view.clientHeight / 2 });
    } else tell("");
  }

  /** Put the loupe over a point of the view and show what lies there. */
  function look(point) {
    const box = view.getBoundingClientRect();
    at = { x: Math.min(box.width, Math.max(0, point.x)), y: Math.min(box.height, Math.max(0, point.y)) };
    if (glass.hidden) return;
    const shown = image.getBoundingClientRect();
    const [width, height] = [full.naturalWidth / devicePixelRatio, full.naturalHeight / devicePixelRatio];
    const radius = glass.offsetWidth / 2;
    const across = ((at.x + box.left - shown.left) / shown.width) * width;
    const down = ((at.y + box.top - shown.top) / shown.height) * height;
    glass.style.left = `${at.x - radius}px`;
    glass.style.top = `${at.y - radius}px`;
    glass.style.backgroundSize = `${width}px ${height}px`;
    glass.style.backgroundPosition = `${radius - across}px ${radius - down}px`;
  }

  function wide(isOn) {
    document.body.toggleAttribute("data-wide", isOn);
    press(wideButton, isOn);
    try {
      localStorage.setItem("desk.wide", isOn ? "on" : "off");
    } catch {
      // The choice holds for this page.
    }
    if (isZoomed()) pan.zoom(trueScale(), { animate: false });
  }

  view.addEventListener("pointermove", (event) => {
    const box = view.getBoundingClientRect();
    look({ x: event.clientX - box.left, y: event.clientY - box.top });
  });
  view.addEventListener("dblclick", zoom);
  view.addEventListener("wheel", (event) => {
    if (!isZoomed()) return;
    event.preventDefault();
    pan.zoomWithWheel(event);
    tell(`원본의 ${share(pan.getScale() / trueScale())} %`);
  }, { passive: false });
  const isPressed = (button) => button?.getAttribute("aria-pressed") === "true";
  zoomButton?.addEventListener("click", zoom);
  loupeButton?.addEventListener("click", () => loupe(!isPressed(loupeButton)));
  wideButton?.addEventListener("click", () => wide(!isPressed(wideButton)));
  for (const button of [loupeButton, wideButton]) if (button) button.hidden = false;
  try {
    if (localStorage.getItem("desk.wide") === "on") wide(true);
  } catch {
    // The page then stands as it was sent.
  }

  return {
    zoom,
    loupe,
    wide: () => wide(!isPressed(wideButton)),
    narrow: () => wide(false),
    end: () => pan.destroy(),
    get isWide() { return "wide" in document.body.dataset; },
    get isLoupe() { return !glass.hidden; },
    /** Move the loupe or the zoomed picture by an arrow key; whether there was anything to move. */
    move(key) {
      const step = ARROWS[key];
      if (!step || !(isZoomed() || !glass.hidden)) return false;
      if (!glass.hidden) look({ x: at.x + step[0] * STEP / 3, y: at.y + step[1] * STEP / 3 });
      else pan.pan((-step[0] * STEP) / pan.getScale(), (-step[1] * STEP) / pan.getScale(), { relative: true, animate: false });
      return true;
    },
  };
}
