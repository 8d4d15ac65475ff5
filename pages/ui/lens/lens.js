// The lens: what is chosen, and which parts are drawn again when it changes. Every number comes from unpack.js.
import { openCell } from "./arithmetic.js";
import { drawArcs, fillNext } from "./arcs.js";
import { changeStep, readColours, weightStep } from "./colour.js";
import { wireMap, wireOverview } from "./control.js";
import { element, sharpen } from "./dom.js";
import { makeActs } from "./acts.js";
import { makeLink, readLink } from "./link.js";
import { drawLegend, drawMap, layMap } from "./map.js";
import { drawOverview, layOverview, paintTiles } from "./overview.js";
import { fillPanel } from "./panel.js";
import { fillReadout, peakOf, tellingRow } from "./readout.js";
import { buildMap, buildSkeleton } from "./skeleton.js";
import { fillTable } from "./table.js";
import { headWeights, isExact, unpack } from "./unpack.js";
import { makeWords, tintWords } from "./words.js";

const WIDE = 720; // from this width on the overview stands beside the large map

// A lens lives as long as its root element: a rerun of the script gives it new bytes, never a new life.
export function makeLens(root) {
  const lens = {
    root, bytes: null, runs: [], places: [], maps: [], strips: [], layout: null, tiles: null, frame: 0, waitingFor: null,
    state: { module: 0, head: 0, row: 0, column: -1, side: 0, open: false, peek: null, hover: null, table: false },
    modules: () => lens.runs[0].modules,
    module: (side = 0) => lens.runs[side].modules[lens.state.module],
    weights: (side = 0) => headWeights(lens.module(side), lens.state.head),
    peak: (row) => peakOf(lens.weights(), lens.module().columns, row),
    update: (patch) => update(lens, patch),
  };
  lens.observer = new ResizeObserver(() => resize(lens));
  lens.observer.observe(root);
  return lens;
}

// New bytes, or the same bytes in another theme.
export function receive(lens, bytes, ask) {
  const start = performance.now();
  lens.ask = ask;
  if (!lens.bytes || lens.bytes.length !== bytes.length || lens.bytes.some((value, i) => value !== bytes[i])) {
    const { header, runs } = unpack(bytes);
    const fresh = !lens.bytes;
    Object.assign(lens, { bytes, header, runs, words: header.words, tiles: null });
    build(lens);
    choose(lens, fresh);
  }
  lens.colours = readColours(lens.root);
  lens.tiles = null;
  resize(lens);
  finishWaiting(lens);
  lens.root.dataset.drawMs = (performance.now() - start).toFixed(1);
  lens.root.dataset.bytes = String(bytes.length);
}

function build(lens) {
  const { root, header, words } = lens;
  const arcs = header.mode === "arcs";
  lens.dom = buildSkeleton(root, words, makeActs(lens));
  root.classList.toggle("arcs", arcs);
  root.classList.toggle("beside", lens.runs.length > 1);
  wireOverview(lens.dom.overview, lens, lens.update);
  const titles = lens.runs.length > 1 ? [words.intact, words.broken, words.change] : [""];
  lens.maps = arcs ? [] : titles.map((title) => buildMap(title, words));
  lens.maps.forEach((one, side) => wireMap(one.map, side, lens, lens.update));
  lens.dom.maps.replaceChildren(...lens.maps.map((one) => one.figure));
  lens.shape = null;
  lens.link = makeLink(header.name);
}

// Where to begin: the link, what was chosen before, or the head that shows most.
function choose(lens, fresh) {
  const { state, header } = lens;
  const linked = fresh ? readLink(header.name) : null;
  const start = linked ?? (fresh ? { module: header.runs[0].head[0], head: header.runs[0].head[1] } : state);
  state.module = Math.min(start.module, lens.modules().length - 1);
  state.head = Math.min(start.head, lens.module().heads - 1);
  const { rows, columns } = lens.module();
  const cell = start.row < rows && start.column >= 0 && start.column < columns;
  const same = lens.sentence === JSON.stringify([lens.module().from, lens.module().at]);
  lens.sentence = JSON.stringify([lens.module().from, lens.module().at]);
  const kept = (linked || same) && cell;
  const row = kept || (same && start.row < rows) ? start.row : tellingRow(lens.module(), lens.weights());
  Object.assign(state, { row, column: kept ? start.column : -1, open: kept && (Boolean(linked) || state.open), hover: null, peek: null });
}

function update(lens, patch) {
  const before = lens.state;
  lens.state = { ...before, ...patch };
  const { module, head, row, column, open } = lens.state;
  if (module !== before.module) {
    lens.state.row = Math.min(row, lens.module().rows - 1);
    lens.state.column = Math.min(column, lens.module().columns - 1);
  }
  if (["module", "head", "row", "column", "open"].some((name) => lens.state[name] !== before[name])) lens.link(lens.state);
  if (open && !isExact(lens.module(), head)) request(lens);
  if (!lens.frame) lens.frame = requestAnimationFrame(() => render(lens));
}

// Ask Python for a head to the last digit; what was wanted happens when the bytes come.
export function request(lens, then = null) {
  lens.pending = then;
  const wanted = `${lens.state.module}.${lens.state.head}`;
  if (lens.waitingFor === wanted) return;
  lens.waitingFor = wanted;
  lens.ask([lens.state.module, lens.state.head]);
}

function finishWaiting(lens) {
  if (!lens.waitingFor || !isExact(lens.module(), lens.state.head)) return;
  lens.waitingFor = null;
  lens.pending?.();
  lens.pending = null;
}

function resize(lens) {
  if (!lens.runs.length) return;
  const width = lens.root.clientWidth;
  if (!width) return;
  lens.width = width;
  const beside = lens.runs.length > 1;
  const wide = width >= WIDE;
  const across = beside || !wide || lens.header.mode === "arcs" ? width : width * 0.44;
  lens.layout = layOverview(lens.modules(), across, wide && !beside ? 64 : 40);
  lens.mapWidth = beside ? (wide ? (width - 48) / 3 : width) : wide ? width - lens.layout.width - 40 : width;
  lens.shape = null;
  render(lens);
}

function layOut(lens) {
  const module = lens.module();
  const shape = `${lens.state.module} ${lens.width}`;
  if (lens.shape === shape) return;
  lens.shape = shape;
  const axes = [`${lens.words.looks_at} →`, `${lens.words.looks_from} ↓`];
  const scratch = document.createElement("canvas").getContext("2d");
  lens.axes = axes;
  lens.places = lens.maps.map(() => layMap(scratch, module, lens.mapWidth, lens.header.height, axes, lens.colours));
  const act = (side) => (index, what) => (what === "hover" ? pointWord(lens, side, index) : lens.update({ row: index, column: -1, open: false }));
  const strips = [makeWords(module.from, lens.words.looks_from, act("from"))];
  const crossing = module.from !== module.at;
  if (crossing) strips.push(makeWords(module.at, lens.words.looks_at, () => {}));
  lens.strips = strips;
  lens.arcs = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  lens.arcs.setAttribute("aria-hidden", "true");
  lens.dom.sentence.replaceChildren(lens.arcs, ...strips.flatMap((strip, i) => (crossing ? [caption(lens, i), strip.list] : [strip.list])));
}

function caption(lens, i) {
  return element("div", "caption", i ? lens.words.looks_at : lens.words.looks_from);
}

function pointWord(lens, side, index) {
  lens.update({ hover: index < 0 ? null : { row: index, column: -1 } });
}

function render(lens) {
  lens.frame = 0;
  if (!lens.root.isConnected || !lens.layout) return;
  const { state, colours, words, dom, layout } = lens;
  layOut(lens);
  lens.tiles ??= paintTiles(lens.modules(), colours);
  const spot = state.hover ?? state;
  const glance = sharpen(dom.overview, layout.width, layout.height);
  drawOverview(glance, layout, lens.modules(), lens.tiles, state, colours, words);
  const all = lens.runs.map((_, side) => lens.weights(side));
  drawMaps(lens, all, spot);
  drawSentence(lens, all[0], spot);
  fillReadout(lens, all, spot);
  drawPanel(lens);
  dom.table.hidden = !state.table;
  if (state.table) fillTable(dom.table, lens.module(), all[0], spot.row, words);
}

function drawMaps(lens, all, spot) {
  const change = all.length > 1 ? all[1].map((weight, i) => weight - all[0][i]) : null;
  lens.maps.forEach((one, side) => {
    const place = lens.places[side];
    const values = side === 2 ? change : all[side];
    const view = { row: spot.row, column: spot.column, step: side === 2 ? changeStep : weightStep, axes: lens.axes };
    drawMap(sharpen(one.map, place.width, place.height), place, lens.module(Math.min(side, all.length - 1)), values, view, lens.colours);
    one.legend.style.marginLeft = `${Math.max(0, place.left - 15)}px`;
    drawLegend(sharpen(one.legend, Math.min(260, place.width), 28), Math.min(260, place.width), side === 2, lens.colours);
  });
}

function drawSentence(lens, weights, spot) {
  const { columns } = lens.module();
  const row = spot.row >= 0 ? weights.subarray(spot.row * columns, (spot.row + 1) * columns) : null;
  const [from, at] = lens.strips;
  tintWords((at ?? from).chips, row, at ? -1 : spot.row, spot.column, lens.colours);
  if (at) tintWords(from.chips, null, spot.row, -1, lens.colours);
  if (lens.header.mode === "arcs") {
    drawArcs(lens.arcs, from.chips, weights, lens.state.hover ? spot.row : -1, lens.colours);
    fillNext(lens.dom.large, lens.words.next_words, lens.header.next);
  }
}

function drawPanel(lens) {
  const { state, dom, words, colours } = lens;
  dom.panel.hidden = !state.open;
  if (!state.open) return;
  const module = lens.module(Math.min(state.side, lens.runs.length - 1));
  const ready = isExact(module, state.head);
  const cell = ready ? openCell(module, state.head, state.row, state.column) : null;
  const key = JSON.stringify([state.module, state.head, state.row, state.column, state.side, ready, colours.dark, lens.bytes.length]);
  if (ready) Object.assign(dom.panel.dataset, { weight: cell.weight, drawn: cell.drawn, difference: cell.difference });
  if (dom.panel.dataset.key !== key) {
    dom.panel.dataset.key = key;
    fillPanel(dom.panel, cell, module, state, words, colours, () => lens.update({ open: false }));
  }
}
