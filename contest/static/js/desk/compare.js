/* Two to four photographs side by side: one zoom and one pan for all of them.

   [data-desk-compare]   holds the panes; carries what chosen.js and keys.js need; data-works: the works' codes
   [data-pane]           data-zoom-src: the clean full-size rendition; data-original-side: the long side of the original;
                         inside it .comparing__view with the <img>, [data-percent], and a link to the work
   [data-compare-zoom], [data-compare-wide], [data-compare-closer], [data-compare-further]   buttons that do what keys do
   [data-compare-state]  role="status": loading, or why not

   A step closer multiplies the size of every picture by the same factor, and a drag moves every picture by the same
   part of itself, so that the same place of the frame stays in view. 100 % shows each at its own true size: one pixel of
   the picture on one pixel of the screen, stated of the original. Wheel, pinch, drag and arrows do the same. */

import { chosenWorks } from "./chosen.js";
import { actOf, isTyping } from "./keys.js";

const root = document.querySelector("[data-desk-compare]");
const panes = [...root.querySelectorAll("[data-pane]")].map((pane) => ({
  pane, view: pane.querySelector(".comparing__view"), image: pane.querySelector("img"),
  percent: pane.querySelector("[data-percent]"), full: null,
}));
const state = document.querySelector("[data-compare-state]");
const zoomButton = document.querySelector("[data-compare-zoom]");
const wideButton = document.querySelector("[data-compare-wide]");
const chosen = chosenWorks(root);
chosen.keep(root.dataset.works.split(" "));

const STEP = 1.25;
const MOST = 4; // times the true size
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** All pictures: from the whole frame (isTrue false) or from true size, times so much, round a place of the frame. */
let at = { isTrue: false, times: 1, x: 0.5, y: 0.5 };
const isFit = () => !at.isTrue && at.times === 1;

const pixels = ({ image, full }) => (full || image).naturalWidth;
const ratio = ({ image, full }) => (full || image).naturalHeight / pixels({ image, full }) || 1;

/** Widths in CSS pixels: whole in its pane, at true size, as it stands now. */
function widths(one, times = at.times, isTrue = at.isTrue) {
  const fit = Math.min(one.view.clientWidth, one.view.clientHeight / ratio(one));
  const real = pixels(one) / devicePixelRatio;
  const width = Math.min(Math.max(fit, MOST * real), Math.max(isTrue ? Math.min(fit, real) : fit, (isTrue ? real : fit) * times));
  return { fit, real, width };
}

/** How near to an edge of the frame the place in the middle of the pane may come. */
const least = (window, size) => Math.min(0.5, window / size / 2);

function hold(name, window, size) {
  const limit = Math.min(...panes.map((one) => least(one.view[window], size(one))));
  at[name] = Math.min(1 - limit, Math.max(limit, at[name]));
}

function draw() {
  hold("x", "clientWidth", (one) => widths(one).width);
  hold("y", "clientHeight", (one) => widths(one).width * ratio(one));
  for (const one of panes) {
    const { width, real } = widths(one);
    const height = width * ratio(one);
    const place = (middle, window, size) => {
      const edge = least(window, size);
      return window / 2 - Math.min(1 - edge, Math.max(edge, middle)) * size;
    };
    one.image.style.width = `${width}px`;
    one.image.style.height = `${height}px`;
    one.image.style.transform = `translate(${place(at.x, one.view.clientWidth, width)}px, ${place(at.y, one.view.clientHeight, height)}px)`;
    one.percent.textContent = isFit() ? "" : `원본의 ${share(one, width, real)} %`;
  }
  root.toggleAttribute("data-zoomed", !isFit());
  zoomButton.setAttribute("aria-pressed", String(at.isTrue && at.times === 1));
}

function share(one, width, real) {
  const side = Math.max(pixels(one), pixels(one) * ratio(one));
  return Math.round(((width / real) * side * 100) / (Number(one.pane.dataset.originalSide) || side));
}

/** The full renditions take the place of the working ones as they are decoded, each once. */
let loading = null;
function loadFull() {
  loading ||= (async () => {
    state.textContent = "크게 불러오는 중…";
    const done = await Promise.allSettled(panes.map(async (one) => {
      const picture = Object.assign(new Image(), { src: one.pane.dataset.zoomSrc });
      await picture.decode();
      one.full = picture;
      one.image.src = picture.src;
      draw();
    }));
    const failed = done.some(({ status }) => status === "rejected");
    state.textContent = failed ? "큰 사진을 다 불러오지 못했습니다. 다시 눌러 주세요." : "";
    if (failed) loading = null;
  })();
  return loading;
}

async function trueSize() {
  if (at.isTrue && at.times === 1) at = { isTrue: false, times: 1, x: 0.5, y: 0.5 };
  else {
    await loadFull();
    at = { ...at, isTrue: true, times: 1 };
  }
  draw();
}

/** Closer or further, keeping the place under a point of a pane (its middle where none is named). */
function scale(factor, one = panes[0], point = null) {
  const place = point && placeOf(one, point);
  const next = at.times * factor;
  const room = panes.map((each) => widths(each, next));
  if (factor > 1 && room.every(({ width, real, fit }) => width >= Math.max(fit, MOST * real))) return;
  if (room.every(({ width, fit }) => width <= fit)) at = { isTrue: false, times: 1, x: 0.5, y: 0.5 };
  else {
    at.times = next;
    if (place) {
      const { width } = widths(one);
      at.x = place.x - (point.x - one.view.clientWidth / 2) / width;
      at.y = place.y - (point.y - one.view.clientHeight / 2) / (width * ratio(one));
    }
    loadFull();
  }
  draw();
}

/** Which place of the frame lies under a point of a pane. */
function placeOf(one, point) {
  const box = one.image.getBoundingClientRect();
  const pane = one.view.getBoundingClientRect();
  return { x: (point.x + pane.left - box.left) / box.width, y: (point.y + pane.top - box.top) / box.height };
}

function shift(one, across, down) {
  const { width } = widths(one);
  at.x -= across / width;
  at.y -= down / (width * ratio(one));
  draw();
}

// ---- hand ----
for (const one of panes) {
  const fingers = new Map();
  const pointOf = (event) => {
    const box = one.view.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const gap = () => {
    const [a, b] = [...fingers.values()];
    return { apart: Math.hypot(a.x - b.x, a.y - b.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
  };
  one.view.addEventListener("pointerdown", (event) => {
    one.view.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pointOf(event));
  });
  one.view.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = pointOf(event);
    if (fingers.size === 2) {
      const was = gap();
      fingers.set(event.pointerId, now);
      const is = gap();
      if (was.apart > 0) scale(is.apart / was.apart, one, was.middle);
      if (!isFit()) shift(one, is.middle.x - was.middle.x, is.middle.y - was.middle.y);
    } else {
      fingers.set(event.pointerId, now);
      if (!isFit()) shift(one, now.x - before.x, now.y - before.y);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) one.view.addEventListener(end, (event) => fingers.delete(event.pointerId));
  one.view.addEventListener("wheel", (event) => {
    event.preventDefault();
    scale(event.deltaY < 0 ? STEP : 1 / STEP, one, pointOf(event));
  }, { passive: false });
  one.view.addEventListener("dblclick", trueSize);
  one.image.addEventListener("load", draw);
}

// ---- keys and buttons ----
function wide(isOn) {
  document.body.toggleAttribute("data-wide", isOn);
  wideButton.setAttribute("aria-pressed", String(isOn));
  try {
    localStorage.setItem("desk.wide", isOn ? "on" : "off");
  } catch {
    // The choice holds for this page.
  }
  draw();
}
const isWide = () => "wide" in document.body.dataset;
const acts = {
  zoom: trueSize, wide: () => wide(!isWide()), closer: () => scale(STEP), further: () => scale(1 / STEP),
  help: () => document.querySelector("[data-desk-help]").showModal(),
};
document.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  const act = actOf(event);
  const step = ARROWS[event.key];
  if (step && !isFit()) shift(panes[0], -step[0] * 80, -step[1] * 80);
  else if (act.startsWith("open-")) panes[Number(act.slice(5)) - 1]?.pane.querySelector("a").click();
  else if (act && !(event.repeat && !["closer", "further"].includes(act))) acts[act]();
  else if (event.key === "Escape" && isWide()) wide(false);
  else return;
  event.preventDefault();
});
for (const [name, act] of Object.entries(acts)) document.querySelector(`[data-compare-${name}]`)?.addEventListener("click", act);
try {
  if (localStorage.getItem("desk.wide") === "on") wide(true);
} catch {
  // The page then stands as it was sent.
}
new ResizeObserver(draw).observe(root);
for (const button of document.querySelectorAll(".comparing__tools [hidden]")) button.hidden = false;
root.dataset.ready = "";
draw();
