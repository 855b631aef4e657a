// The map of a dataset: drawn in its style, with what a feature says on a click. The table below the map has the same.
(() => {
  const place = document.getElementById("map");
  if (!place) return;
  const words = document.getElementById("map-words"), choice = document.getElementById("map-style");
  const say = (text, state) => { words.textContent = text; place.dataset.state = state; };
  const edges = place.dataset.bounds.split(",").map(Number);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // what this host serves is asked for under the name that the page has, whatever a proxy calls it
  const here = (url) => { const to = new URL(url, location.href); return location.origin + to.pathname + to.search; };
  let map = null;

  const load = async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`the style is not there (${answer.status})`);
    const style = await answer.json();
    if (!style.layers.some((layer) => layer.type === "background")) {
      style.layers.unshift({ id: "weir-ground", type: "background", paint: { "background-color": color("--surface-2") } });
    }
    for (const source of Object.values(style.sources)) source.url = here(source.url);
    return style;
  };

  const drawn = () => map.getStyle().layers.filter((layer) => layer.source).map((layer) => layer.id);
  const distinct = (features) => {
    // a feature lies on several tiles, and is drawn by several layers
    const seen = new Map();
    for (const feature of features) seen.set(JSON.stringify(feature.properties), feature);
    return [...seen.values()];
  };
  const most = 5000;
  const count = () => {
    const found = map.queryRenderedFeatures({ layers: drawn() });
    if (found.length > most) return say(`More than ${most / 5} features in view`, "ready");
    const shown = distinct(found).length;
    place.dataset.shown = shown;
    say(shown === 1 ? "1 feature in view" : `${shown} features in view`, "ready");
  };

  const described = (features) => {
    const box = document.createElement("div");
    for (const feature of features) {
      const list = document.createElement("dl");
      const entries = Object.entries(feature.properties).slice(0, 40);
      for (const [name, value] of entries) {
        const term = document.createElement("dt"), text = document.createElement("dd");
        term.textContent = name;
        text.textContent = String(value).slice(0, 300);
        list.append(term, text);
      }
      if (!entries.length) list.append("It has no attributes.");
      box.append(list);
    }
    return box;
  };
  const ask = (event) => {
    const { x, y } = event.point;
    const found = distinct(map.queryRenderedFeatures([[x - 3, y - 3], [x + 3, y + 3]], { layers: drawn() })).slice(0, 4);
    if (!found.length) return;
    new maplibregl.Popup({ maxWidth: "20rem", focusAfterOpen: false }).setLngLat(event.lngLat).setDOMContent(described(found)).addTo(map);
  };

  const begin = async () => {
    if (!window.maplibregl) throw new Error("its script is not there");
    const style = await load(place.dataset.style);
    const [west, south, east, north] = edges;
    // a single place has no extent of its own
    const room = east - west < 0.01 && north - south < 0.01 ? 0.05 : 0;
    map = new maplibregl.Map({
      container: place, style, attributionControl: { compact: false }, fadeDuration: 0,
      bounds: [[Math.max(-180, west - room), Math.max(-85, south - room)], [Math.min(180, east + room), Math.min(85, north + room)]],
      fitBoundsOptions: { padding: 16, maxZoom: 14 }, dragRotate: false, pitchWithRotate: false,
      // on a small screen one finger scrolls the page
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
      transformRequest: (url) => url.startsWith("http") ? { url: here(url) } : undefined,
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
    map.addControl(new maplibregl.ScaleControl());
    map.on("idle", count);
    map.on("movestart", () => { place.dataset.state = "moving"; });
    map.on("click", ask);
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = map.queryRenderedFeatures(event.point, { layers: drawn() }).length ? "pointer" : "";
    });
    map.on("error", (event) => say(`Something of the map could not be loaded: ${event.error?.message ?? "no reason is known"}`, "failed"));
  };

  const fail = (error) => say(`The map cannot be drawn: ${error.message}. The table below has the same.`, "failed");
  choice?.addEventListener("change", () => load(choice.value).then((style) => map.setStyle(style)).catch(fail));
  document.getElementById("theme")?.addEventListener("click", () => {
    if (map?.getLayer("weir-ground")) map.setPaintProperty("weir-ground", "background-color", color("--surface-2"));
  });
  say("The map is loading.", "loading");
  begin().catch(fail);
})();
