/* The district's map, always beside a list or a select that does the same. Markup: macro media.map.
   The page also links vendor/leaflet/leaflet.css. Without this module the list or select stands alone.

   [data-map="view" | "pick"]   the canvas (hidden until this module shows it)
     data-geojson         address of the 동 boundaries; data-name-property (default "nameKo", else "name") names each
     data-tile-url, data-attribution   background tiles, only where the office has set them
     data-markers         JSON [{lat, lon, title, url?, text?}]; the title is shown when pressed
   pick: data-lat-input, data-lon-input, data-dong-input = ids of inputs, or their names in the form around it. A press or a drag of the pin writes them
     (6 decimals; the 동 by its option's value or text) and fires "change" on them; a change of the select brings that 동
     into view and takes away a pin that lies elsewhere.
   [data-map-status="ID"]  role="status": says what was picked, or that it lies outside */

import * as L from "../vendor/leaflet/leaflet.esm.js";

// Pixels between the feet of two pins, a little more than a pin is wide.
const FREE = 40;

for (const canvas of document.querySelectorAll("[data-map]")) {
  start(canvas).catch((error) => {
    console.error(error);
    canvas.hidden = true;
  });
}

async function start(canvas) {
  const { dataset } = canvas;
  const areas = await (await fetch(dataset.geojson, { credentials: "same-origin" })).json();
  const nameKey = dataset.nameProperty || ("nameKo" in (areas.features[0]?.properties || {}) ? "nameKo" : "name");
  const status = document.querySelector(`[data-map-status="${canvas.id}"]`);
  canvas.hidden = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(canvas, {
    zoomControl: false, attributionControl: Boolean(dataset.attribution), scrollWheelZoom: false,
    zoomAnimation: !still, fadeAnimation: !still, zoomSnap: 0.25,
  });
  L.control.zoom({ zoomInTitle: dataset.textZoomIn, zoomOutTitle: dataset.textZoomOut }).addTo(map);
  if (dataset.tileUrl) {
    L.tileLayer(dataset.tileUrl, { attribution: dataset.attribution }).addTo(map);
    canvas.classList.add("map-tiles");
  }
  // Names lie under the pins.
  map.createPane("names").style.zIndex = "450";
  const layer = L.geoJSON(areas, {
    style: { className: "map-area" },
    onEachFeature: (feature, shape) => {
      // The map is narrow, and its every part is a dong.
      shape.bindTooltip(String(feature.properties[nameKey] || "").replace(/-dong$/, ""), {
        permanent: true, direction: "center", className: "map-name", pane: "names", interactive: false,
      });
    },
  }).addTo(map);
  // The district stands beside the buttons of the map, not under them, also when a phone is turned.
  const fit = () => map.fitBounds(layer.getBounds(), { paddingTopLeft: [48, 8], paddingBottomRight: [8, 8] });
  fit();
  map.setMaxBounds(layer.getBounds().pad(0.5));

  // Larger text makes a larger map; a press must still land where the finger is.
  new ResizeObserver(() => map.invalidateSize()).observe(canvas);

  if (dataset.map === "pick") pick();
  else showMarkers(JSON.parse(dataset.markers || "[]"));

  function icon(words, kind = "") {
    const span = document.createElement("span");
    span.textContent = words;
    return L.divIcon({ className: `map-pin ${kind}`, html: span, iconSize: [34, 34], iconAnchor: [0, 34], popupAnchor: [17, -34] });
  }

  /** Markers on one spot would hide each other: each takes the nearest free place on a spiral round its own. */
  function showMarkers(markers) {
    const pins = markers.map((m, i) => {
      const pin = L.marker([m.lat, m.lon], { icon: icon(String(i + 1)), title: m.title, alt: m.title, keyboard: true }).addTo(map);
      pin.bindPopup(popup(m));
      return pin;
    });
    const spread = () => {
      const taken = [];
      pins.forEach((pin, i) => {
        const home = map.latLngToLayerPoint([markers[i].lat, markers[i].lon]);
        let place = home;
        for (let n = 1; n < 600 && taken.some((other) => other.distanceTo(place) < FREE); n += 1) {
          const reach = 6 * Math.sqrt(n);
          place = home.add([Math.cos(n * 2.4) * reach, Math.sin(n * 2.4) * reach]);
        }
        taken.push(place);
        pin.setLatLng(map.layerPointToLatLng(place));
      });
    };
    spread();
    map.on("zoomend", spread);
    map.on("resize", fit);
  }

  function popup(m) {
    const box = document.createElement("div");
    const title = document.createElement(m.url ? "a" : "strong");
    title.textContent = m.title;
    if (m.url) title.href = m.url;
    box.append(title);
    if (m.text) {
      const p = document.createElement("p");
      p.textContent = m.text;
      box.append(p);
    }
    return box;
  }

  function pick() {
    // A hidden field of a form has a name and no id: there may be several such forms on a page.
    const field = (name) => document.getElementById(name) ?? canvas.closest("form")?.elements.namedItem(name) ?? null;
    const lat = field(dataset.latInput);
    const lon = field(dataset.lonInput);
    const dong = field(dataset.dongInput);
    let pin = null;

    function place(point) {
      if (!pin) {
        pin = L.marker(point, { icon: icon("", "map-pin--pick"), draggable: true, title: dataset.textPin, alt: dataset.textPin, autoPan: true }).addTo(map);
        pin.on("dragend", () => choose(pin.getLatLng()));
      }
      pin.setLatLng(point);
    }

    function highlight(area) {
      layer.eachLayer((shape) => shape.getElement()?.classList.toggle("map-area--chosen", Boolean(area) && shape.feature === area));
    }

    function write(input, value) {
      if (!input || input.value === value) return;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function choose(point) {
      const area = areaAt(areas, point);
      if (!area) {
        if (status) status.textContent = dataset.textOutside;
        if (pin && lat.value) pin.setLatLng([Number(lat.value), Number(lon.value)]);
        return;
      }
      place(point);
      highlight(area);
      write(lat, point.lat.toFixed(6));
      write(lon, point.lng.toFixed(6));
      const name = String(area.properties[nameKey]);
      write(dong, optionFor(name));
      if (status) status.textContent = dataset.textPicked.replace("{dong}", name);
    }

    function optionFor(name) {
      if (!dong || !dong.options) return name;
      const found = Array.from(dong.options).find((o) => o.value === name || o.text.trim() === name);
      return found ? found.value : dong.value;
    }

    map.on("click", (event) => choose(event.latlng));
    dong?.addEventListener("change", () => {
      const text = dong.options ? dong.selectedOptions[0]?.text.trim() : dong.value;
      const area = areas.features.find((f) => [text, dong.value].includes(String(f.properties[nameKey])));
      highlight(area);
      if (!area) return;
      const inside = pin && areaAt(areas, pin.getLatLng()) === area;
      if (!inside && pin) {
        // The old point contradicts the chosen 동: the 동 stands, the point goes.
        pin.remove();
        pin = null;
        lat.value = "";
        lon.value = "";
      }
      layer.eachLayer((shape) => { if (shape.feature === area) map.fitBounds(shape.getBounds(), { maxZoom: 15 }); });
    });
    if (lat.value && lon.value) choose(L.latLng(Number(lat.value), Number(lon.value)));
  }
}

/** The feature that holds a point, by crossings of each ring; holes count. */
function areaAt(areas, { lat, lng }) {
  return areas.features.find(({ geometry }) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.some((rings) => rings.reduce((inside, ring) => inside !== crosses(ring, lng, lat), false));
  });
}

function crosses(ring, x, y) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
