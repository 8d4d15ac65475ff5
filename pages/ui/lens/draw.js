// Everything that is drawn when the state changes: overviews, large maps, the words, the panel, the table.
import { openCell } from "./arithmetic.js";
import { drawArcs, fillNext } from "./arcs.js";
import { changeStep } from "./colour.js";
import { element, sharpen } from "./dom.js";
import { drawLegend, drawMap, layMap } from "./map.js";
import { drawOverview, layOverview, paintOverview, paintSheets } from "./overview.js";
import { fillPanel } from "./panel.js";
import { fillReadout } from "./readout.js";
import { fillTable } from "./table.js";
import { fill } from "./text.js";
import { isExact } from "./unpack.js";
import { makeWords, tintWords } from "./words.js";

const WIDE = 720; // from this width on the overview stands beside the large map
const LEGEND = [260, 28];

// Take the width that there is now; false when nothing changed or nothing can be measured yet.
export function measure(lens) {
  const width = lens.root.clientWidth;
  if (!lens.runs.length || !width) return false;
  const beside = lens.runs.length > 1;
  const wide = width >= WIDE;
  const column = beside && wide ? (width - 48) / 3 : width;
  const glance = beside || !wide ? column : width * 0.44;
  lens.layout = layOverview(lens.modules(), glance, wide && !beside ? 64 : 40);
  lens.mapWidth = beside || !wide ? column : width - lens.layout.width - 40;
  lens.shape = null;
  return true;
}

export function render(lens) {
  const start = performance.now();
  lens.frame = 0;
  if (!lens.root.isConnected || !lens.layout) return;
  const spot = lens.state.hover ?? lens.state;
  const all = lens.views.map((_, side) => lens.weights(side));
  layOut(lens);
  lens.views.forEach((view, side) => drawView(lens, view, side, all[side], spot));
  drawSentence(lens, all[0], spot);
  fillReadout(lens, all, spot);
  drawPanel(lens);
  drawTable(lens, all[0], spot);
  lens.root.dataset.frameMs = (performance.now() - start).toFixed(2);
}

// What depends on the shape of the maps alone is made once for each kind of module and width.
function layOut(lens) {
  const { kind } = lens.module();
  if (lens.shape === kind) return;
  lens.shape = kind;
  lens.axes = [`${lens.words.looks_at} →`, `${lens.words.looks_from} ↓`];
  const scratch = document.createElement("canvas").getContext("2d");
  lens.place = layMap(scratch, lens.module(), lens.mapWidth, lens.header.height, lens.axes, lens.colours);
  makeSentence(lens);
}

function makeSentence(lens) {
  const { words, update, dom } = lens;
  const { from, at } = lens.module();
  const act = (index, what) => update(what === "hover" ? { hover: index < 0 ? null : { row: index, column: -1 } } : { row: index, column: -1, open: false });
  lens.strips = [makeWords(from, words.looks_from, act)];
  if (from !== at) lens.strips.push(makeWords(at, words.looks_at, () => {}));
  lens.arcs = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  lens.arcs.setAttribute("aria-hidden", "true");
  const titles = [words.looks_from, words.looks_at].map((text) => element("div", "caption", text));
  const rows = lens.strips.flatMap((strip, i) => (lens.strips.length > 1 ? [titles[i], strip.list] : [strip.list]));
  dom.sentence.replaceChildren(lens.arcs, ...rows);
}

function drawView(lens, view, side, values, spot) {
  const { layout, place, colours, state, words } = lens;
  const change = view.step === changeStep;
  const table = change ? colours.change : colours.weights;
  view.sheets ??= paintSheets(lens.modules(), (module, head) => lens.values(side, module, head), table, view.step);
  const look = `${layout.width} ${colours.dark}`;
  if (view.look !== look || !view.painted) {
    view.painted = paintOverview(document.createElement("canvas"), layout, lens.modules(), view.sheets, colours, words);
    drawLegend(sharpen(view.legend, ...LEGEND), LEGEND[0], change, colours);
  }
  const glance = `${state.module} ${state.head} ${state.peek?.module} ${state.peek?.head} ${look}`;
  if (view.glance !== glance) drawOverview(sharpen(view.overview, layout.width, layout.height), layout, lens.modules(), view.painted, state, colours);
  Object.assign(view, { glance, look });
  if (lens.header.mode === "arcs") return;
  const seen = { row: spot.row, column: spot.column, step: view.step, axes: lens.axes };
  drawMap(sharpen(view.map, place.width, place.height), place, lens.module(side), values, seen, colours);
  view.legend.style.marginLeft = `${Math.max(0, place.left - 15)}px`;
}

function drawSentence(lens, weights, spot) {
  const { columns } = lens.module();
  const row = spot.row >= 0 ? weights.subarray(spot.row * columns, (spot.row + 1) * columns) : null;
  const [from, at] = lens.strips;
  tintWords((at ?? from).chips, row, at ? -1 : spot.row, spot.column, lens.colours);
  if (at) tintWords(from.chips, null, spot.row, -1, lens.colours);
  if (lens.header.mode !== "arcs") return;
  drawArcs(lens.arcs, from.chips, weights, spot.row, lens.colours);
  fillNext(lens.dom.next, lens.words.next_words, lens.header.next);
}

function drawPanel(lens) {
  const { state, dom, words, colours } = lens;
  dom.panel.hidden = !state.open;
  if (!state.open) return;
  const module = lens.module(state.side);
  const cell = isExact(module, state.head) ? openCell(module, state.head, state.row, state.column) : null;
  const key = JSON.stringify([state.module, state.head, state.row, state.column, state.side, Boolean(cell), colours.dark]);
  if (lens.panelKey === key && lens.panelBytes === lens.bytes) return;
  Object.assign(lens, { panelKey: key, panelBytes: lens.bytes });
  if (cell) Object.assign(dom.panel.dataset, { weight: cell.weight, drawn: cell.drawn, difference: cell.difference });
  const run = lens.runs.length > 1 ? ` · ${lens.views[state.side].title}` : "";
  const where = fill(words.where, { layer: module.layer, head: state.head }) + run;
  fillPanel(dom.panel, cell, module, { ...state, where }, words, colours, () => lens.update({ open: false }));
}

function drawTable(lens, weights, spot) {
  const { state, dom } = lens;
  dom.table.hidden = !state.table;
  const key = `${state.module} ${state.head} ${spot.row}`;
  if (!state.table || (lens.tableKey === key && lens.tableBytes === lens.bytes)) return;
  Object.assign(lens, { tableKey: key, tableBytes: lens.bytes });
  fillTable(dom.table, lens.module(), weights, spot.row, lens.words);
}
