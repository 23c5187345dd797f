"use strict";
// The page around the drawing: search, panel, filters, language, link, export, keyboard.
const find = (id) => document.getElementById(id);
const TEXTS = JSON.parse(find("texts").textContent);
const STYLES = JSON.parse(find("styles").textContent);
const view = { mode: "icicle", colorBy: "state", byValue: false, selected: -1, shift: 0 };
let language = document.documentElement.dataset.lang;
let asked = false;

const say = (key, values = {}) =>
  TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const count = (number) => number.toLocaleString("en-US");
const amount = (number) => {
  const scales = language === "zh" ? [[1e8, "亿"], [1e4, "万"]] : [[1e6, " M"], [1e3, " k"]];
  const [step, word] = view.parties.money
    ? (scales.find(([least]) => Math.abs(number) >= least) ?? [1, ""])
    : [1, ""];
  const digits = number.toLocaleString("en-US", { maximumFractionDigits: 1 });
  const short = (number / step).toLocaleString("en-US", { maximumFractionDigits: 2 });
  return `${step === 1 ? digits : short + word} ${view.parties.unit}`.trim();
};
const isDark = () => document.documentElement.dataset.theme === "dark";

function repaint() {
  if (!asked) {
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const context = view.canvas.getContext("2d");
      const ratio = window.devicePixelRatio || 1;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.globalAlpha = 1;
      context.fillStyle = view.colors.paper;
      context.fillRect(0, 0, view.width, view.height);
      drawView(view, makeCanvasBrush(context, STYLES.family));
      document.documentElement.dataset.painted = performance.now().toFixed(0);
    });
  }
}

function measure() {
  const box = view.canvas.parentElement.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  [view.width, view.height] = [Math.floor(box.width), Math.floor(box.height)];
  view.canvas.width = view.width * ratio;
  view.canvas.height = view.height * ratio;
  const deepest = view.parties.depth.reduce((most, d) => Math.max(most, d), 0) + 1;
  view.column = Math.max(120, view.width / Math.min(deepest, 8));
  view.zoom.extent([[0, 0], [view.width, view.height]]);
  view.zoom.translateExtent(
    view.mode === "icicle" ? [[-Infinity, 0], [Infinity, view.height]] : [[-1e7, -1e7], [1e7, 1e7]],
  );
  repaint();
}

function moveTo(transform) {
  d3.select(view.canvas).call(view.zoom.transform, transform);
}

function fit(i) {
  if (view.mode === "tree") {
    const xs = view.nodes.map((node) => node.x);
    const ys = view.nodes.map((node) => node.y);
    const bounds = (list) => list.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [1e9, -1e9]);
    const [low, high] = bounds(xs);
    const [left, right] = bounds(ys);
    const k = Math.min(1.2, view.height / (high - low + 60), view.width / (right - left + 240));
    const y = view.height / 2 - (k * (low + high)) / 2;
    moveTo(d3.zoomIdentity.translate(10 - k * left, y).scale(k));
    return;
  }
  if (i < 0) {
    view.shift = 0;
    moveTo(d3.zoomIdentity.scale(1 / (view.place.inTrees || 1)));
    return;
  }
  const { top, height } = view.place;
  const share = Math.max(height[i], 1e-9);
  const k = Math.min(1e6, Math.max(1, Math.min(0.85 / share, 60 / (share * view.height) + 0.6 / share)));
  const y = view.height / 2 - k * (top[i] + height[i] / 2) * (view.height - 2);
  view.shift = Math.max(0, (view.parties.depth[i] - 2) * view.column);
  moveTo(d3.zoomIdentity.translate(0, Math.min(0, Math.max(y, view.height * (1 - k)))).scale(k));
}

function layOut() {
  if (view.mode === "tree") {
    view.nodes = placeTree(view.parties, view.selected);
  } else {
    view.place = placeIcicle(view.parties, view.byValue);
  }
  measure();
  fit(view.selected);
}

function makeLink(i) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "party";
  button.textContent = nameOf(view.parties, i);
  button.addEventListener("click", () => select(i));
  return button;
}

function showPanel() {
  const panel = find("panel");
  panel.replaceChildren();
  const { parties, selected: i } = view;
  if (i < 0) {
    panel.append(Object.assign(document.createElement("p"), { textContent: say("hint") }));
    return;
  }
  panel.append(Object.assign(document.createElement("h2"), { textContent: nameOf(parties, i) }));
  const facts = document.createElement("dl");
  const own = parties.state[i] < 2;
  const rows = [
    ["id", parties.id[i]],
    ["state", say(`state-${STYLES.states[parties.state[i]]}`)],
    ["key", parties.key[i] === 1 ? say("yes") : parties.key[i] === 0 ? say("no") : ""],
    ["value", amount(parties.value[i])],
    ["direct", count(listChildren(parties, i).length)],
    ["downstream", count(parties.size[i] - 1)],
    ["downstream-closed", count(parties.closed[i] - own)],
    ["downstream-value", amount(parties.total[i] - parties.value[i])],
    ["sector", parties.sectors[parties.sector[i]] ?? ""],
    ["region", parties.regions[parties.region[i]] ?? ""],
    ["year", parties.year[i] || ""],
  ];
  for (const [key, text] of rows) {
    if (text !== "") {
      const term = Object.assign(document.createElement("dt"), { textContent: say(key) });
      facts.append(term, Object.assign(document.createElement("dd"), { textContent: text }));
    }
  }
  panel.append(facts);
  const lists = [
    ["path", listPath(parties, i).slice(0, -1)],
    ["referred", listChildren(parties, i)],
  ];
  for (const [key, found] of lists) {
    if (found.length) {
      panel.append(Object.assign(document.createElement("h3"), { textContent: say(key) }));
      const list = document.createElement("ol");
      for (const k of found.slice(0, 50)) {
        const item = document.createElement("li");
        item.append(makeLink(k));
        list.append(item);
      }
      panel.append(list);
      if (found.length > 50) {
        const rest = say("more", { n: count(found.length - 50) });
        panel.append(Object.assign(document.createElement("p"), { textContent: rest }));
      }
    }
  }
}

function select(i) {
  view.selected = i;
  showPanel();
  find("status").textContent = i < 0 ? "" : `${nameOf(view.parties, i)}, ${count(view.parties.size[i] - 1)}`;
  const hash = i < 0 ? "" : `#id=${encodeURIComponent(view.parties.id[i])}&mode=${view.mode}`;
  history.replaceState(null, "", hash || location.pathname);
  if (view.mode === "tree") {
    layOut();
  } else {
    fit(i);
  }
}

function findAt(x, y) {
  let found = -1;
  if (view.mode === "icicle") {
    listCells(view, (i, left, top, wide, high) => {
      if (x >= left && x < left + wide && y >= top && y < top + high) {
        found = i;
      }
    }, () => {});
    return found;
  }
  let nearest = 144;
  listDots(view, (i, px, py) => {
    const apart = (px - x) ** 2 + (py - y) ** 2;
    if (apart < nearest) {
      [nearest, found] = [apart, i];
    }
  }, () => {});
  return found;
}

function listenToCanvas() {
  const { canvas } = view;
  view.zoom = d3.zoom().scaleExtent([0.001, 1e6]).on("zoom", (event) => {
    const source = event.sourceEvent;
    if (view.mode === "icicle" && source && source.type === "mousemove") {
      view.shift = Math.max(0, view.shift - (source.movementX || 0));
    }
    view.transform = event.transform;
    repaint();
  });
  d3.select(canvas).call(view.zoom).on("dblclick.zoom", null);
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    const i = findAt(event.clientX - box.left, event.clientY - box.top);
    if (i >= 0) {
      select(i);
    }
  });
  canvas.addEventListener("keydown", (event) => {
    const { parties, selected: i } = view;
    const parent = i < 0 ? -1 : parties.parent[i];
    const row = parent < 0 ? parties.roots : listChildren(parties, parent);
    const place = row.indexOf(i);
    const next = {
      ArrowRight: i < 0 ? parties.roots[0] : listChildren(parties, i)[0],
      ArrowLeft: parent,
      ArrowDown: row[place + 1],
      ArrowUp: row[Math.max(place - 1, 0)],
      Home: parties.roots[0],
      Escape: -1,
    }[event.key];
    if (event.key === "+" || event.key === "-") {
      d3.select(canvas).call(view.zoom.scaleBy, event.key === "+" ? 1.5 : 1 / 1.5);
    } else if (next !== undefined && (next >= 0 || event.key === "Escape" || i < 0)) {
      event.preventDefault();
      select(next);
    }
  });
}

function listenToSearch() {
  const [input, list] = [find("search"), find("hits")];
  let hits = [];
  let active = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (place) => {
    active = place;
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", k === place));
    if (place >= 0 && hits.length) {
      input.setAttribute("aria-activedescendant", `hit-${place}`);
    }
  };
  const choose = (place) => {
    if (hits[place] !== undefined) {
      close();
      select(hits[place]);
    }
  };
  input.addEventListener("input", () => {
    hits = search(view.parties, input.value, 12);
    list.replaceChildren(
      ...hits.map((i, k) => {
        const item = document.createElement("li");
        item.id = `hit-${k}`;
        item.setAttribute("role", "option");
        item.textContent = `${nameOf(view.parties, i)} · ${view.parties.id[i]}`;
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(k);
        });
        return item;
      }),
    );
    list.hidden = !hits.length;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    find("status").textContent = input.value ? say("found", { n: hits.length }) : "";
    mark(hits.length ? 0 : -1);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      mark(Math.max(0, Math.min(hits.length - 1, active + step)));
    } else if (event.key === "Enter") {
      choose(active);
    } else if (event.key === "Escape") {
      close();
    }
  });
  input.addEventListener("blur", close);
}

function fillChoice(id, words) {
  const choice = find(id);
  const chosen = choice.value || "-1";
  const options = [["-1", say("all")], ...words.map((word, k) => [String(k), word])];
  choice.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  choice.value = chosen;
  choice.closest("label").hidden = !words.length;
}

function showLegend() {
  const { parties, colors } = view;
  const entries = {
    state: STYLES.states.map((word, k) => [colors.states[k], say(`state-${word}`)]),
    value: [[colors.scale[1], say("least")], [colors.scale.at(-1), say("most")]],
    sector: parties.sectors.map((word, k) => [colors.groups[k] ?? colors.other, word]),
    region: parties.regions.map((word, k) => [colors.groups[k] ?? colors.other, word]),
  }[view.colorBy];
  const used = view.colorBy === "state" ? new Set(parties.state) : null;
  const shown = entries.filter((_, k) => !used || used.has(k)).slice(0, 9);
  find("legend").replaceChildren(
    ...shown.map(([color, word]) => {
      const item = document.createElement("span");
      const mark = document.createElement("i");
      mark.style.setProperty("background", color);
      item.append(mark, word);
      return item;
    }),
  );
}

function showTexts() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  const { parties } = view;
  find("headline").textContent = TEXTS[language].headline;
  document.title = TEXTS[language].title;
  fillChoice("sector", parties.sectors);
  fillChoice("region", parties.regions);
  find("year-now").textContent = view.year >= view.lastYear ? say("today") : String(view.year);
  showLegend();
  showPanel();
}

function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
  view.colors = STYLES[theme];
  find("theme").setAttribute("aria-pressed", String(isDark()));
  showLegend();
  repaint();
}

function exportSvg() {
  const parts = [];
  drawView(view, makeSvgBrush(parts));
  const size = `width="${view.width}" height="${view.height}"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif">`;
  const paper = `<rect ${size} fill="${view.colors.paper}"/>`;
  const blob = new Blob([head, paper, ...parts, "</svg>"], { type: "image/svg+xml" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "refgraph.svg";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    find("status").textContent = say("copied");
  } catch {
    window.prompt(say("copy"), location.href);
  }
}

function listenToControls() {
  const change = (id, act) => find(id).addEventListener("input", (event) => act(event.target.value));
  change("mode", (value) => {
    view.mode = value;
    layOut();
  });
  change("height", (value) => {
    view.byValue = value === "value";
    layOut();
  });
  change("color", (value) => {
    view.colorBy = value;
    showLegend();
    repaint();
  });
  change("sector", (value) => {
    view.sector = Number(value);
    repaint();
  });
  change("region", (value) => {
    view.region = Number(value);
    repaint();
  });
  change("year", (value) => {
    view.year = Number(value);
    find("year-now").textContent = view.year >= view.lastYear ? say("today") : value;
    find("status").textContent = say("there", {
      n: count(view.parties.year.filter((year) => year <= view.year).length),
      year: value,
    });
    repaint();
  });
  find("reset").addEventListener("click", () => select(-1));
  find("copy").addEventListener("click", copyLink);
  find("export").addEventListener("click", exportSvg);
  find("theme").addEventListener("click", () => applyTheme(isDark() ? "light" : "dark"));
  find("language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    showTexts();
  });
  window.addEventListener("resize", measure);
}

function classifyValues(parties) {
  const known = Float64Array.from(parties.value.filter((value) => value > 0)).sort();
  const steps = STYLES.light.scale.length - 1;
  return parties.value.map((value) => {
    if (!(value > 0)) {
      return 0;
    }
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      [low, high] = known[middle] < value ? [middle + 1, high] : [low, middle];
    }
    return 1 + Math.min(steps - 1, Math.floor((steps * low) / known.length));
  });
}

async function start() {
  view.canvas = find("drawing");
  view.parties = await readParties();
  view.transform = d3.zoomIdentity;
  view.valueClass = classifyValues(view.parties);
  [view.sector, view.region] = [-1, -1];
  const years = view.parties.year.filter((year) => year > 0);
  const first = years.reduce((least, year) => Math.min(least, year), Infinity);
  view.lastYear = years.reduce((most, year) => Math.max(most, year), 0);
  view.year = view.lastYear;
  const slider = find("year");
  slider.closest("label").hidden = !years.length || first === view.lastYear;
  if (years.length) {
    Object.assign(slider, { min: first, max: view.lastYear, value: view.lastYear });
  }
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  view.colors = STYLES[wantsDark ? "dark" : "light"];
  listenToCanvas();
  listenToSearch();
  listenToControls();
  showTexts();
  applyTheme(wantsDark ? "dark" : "light");
  const asked = new URLSearchParams(location.hash.slice(1));
  if (asked.get("mode") === "tree") {
    find("mode").value = view.mode = "tree";
  }
  const wanted = view.parties.id.indexOf(asked.get("id"));
  view.selected = wanted;
  await document.fonts.load(`13px ${STYLES.family}`, nameOf(view.parties, 0));
  layOut();
  showPanel();
  document.documentElement.dataset.ready = "yes";
}

start();
