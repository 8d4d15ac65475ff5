// The lens: what is chosen, and when it is drawn again. Every number comes from unpack.js, every stroke from draw.js.
import { makeActs } from "./acts.js";
import { changeStep, readColours, weightStep } from "./colour.js";
import { wireMap, wireOverview } from "./control.js";
import { measure, render } from "./draw.js";
import { makeLink, readLink } from "./link.js";
import { peakOf, tellingRow } from "./readout.js";
import { buildSkeleton, buildView } from "./skeleton.js";
import { headWeights, isExact, unpack } from "./unpack.js";

// A lens lives as long as its root element: a rerun of the script gives it new bytes, never a new life.
export function makeLens(root) {
  const lens = {
    root, bytes: null, runs: [], views: [], strips: [], frame: 0, waitingFor: null, pending: null,
    state: { module: 0, head: 0, row: 0, column: -1, side: 0, open: false, peek: null, hover: null, table: false },
    modules: () => lens.runs[0].modules,
    module: (side = 0) => lens.runs[Math.min(side, lens.runs.length - 1)].modules[lens.state.module],
    values: (side, module, head) => (side === 2 ? changeOf(lens, module, head) : headWeights(lens.runs[side].modules[module], head)),
    weights: (side = 0) => lens.values(side, lens.state.module, lens.state.head),
    peak: (row) => peakOf(lens.weights(), lens.module().columns, row),
    update: (patch) => update(lens, patch),
    draw: () => { lens.frame ||= requestAnimationFrame(() => render(lens)); },
  };
  lens.observer = new ResizeObserver(() => measure(lens) && lens.draw());
  lens.observer.observe(root);
  return lens;
}

function changeOf(lens, module, head) {
  const [intact, broken] = lens.runs.map((run) => headWeights(run.modules[module], head));
  return broken.map((weight, i) => weight - intact[i]);
}

// New bytes, or the same bytes in another theme. ask(head) is how Python is told which head must be exact.
export function receive(lens, bytes, ask) {
  const start = performance.now();
  lens.ask = ask;
  if (!same(lens.bytes, bytes)) {
    const fresh = !lens.bytes;
    const { header, runs } = unpack(bytes);
    Object.assign(lens, { bytes, header, runs, words: header.words });
    build(lens, fresh);
    choose(lens, fresh);
  }
  lens.colours = readColours(lens.root);
  measure(lens);
  for (const view of lens.views) Object.assign(view, { sheets: null, painted: null, glance: null });
  render(lens);
  finishWaiting(lens);
  lens.root.dataset.drawMs = (performance.now() - start).toFixed(1);
  lens.root.dataset.bytes = String(bytes.length);
}

function same(before, bytes) {
  return before !== null && before.length === bytes.length && before.every((value, i) => value === bytes[i]);
}

function build(lens, fresh) {
  const { root, header, words } = lens;
  lens.dom = buildSkeleton(root, words, makeActs(lens));
  root.classList.toggle("arcs", header.mode === "arcs");
  root.classList.toggle("beside", lens.runs.length > 1);
  const titles = lens.runs.length > 1 ? [words.intact, words.broken, words.change] : [""];
  lens.views = titles.map((title) => buildView(title, words));
  lens.views.forEach((view, side) => {
    Object.assign(view, { title: titles[side], step: side === 2 ? changeStep : weightStep });
    wireOverview(view.overview, lens);
    wireMap(view.map, side, lens);
  });
  lens.dom.views.replaceChildren(...lens.views.map((view) => view.figure));
  if (fresh) lens.link = makeLink(header.name, root);
}

// Where to begin: the link, what was chosen before, or the head and the row that show most. Under arcs it is the last
// word, from which the next one is guessed.
function choose(lens, fresh) {
  const { state, header } = lens;
  const linked = fresh ? readLink(header.name) : null;
  const [module, head] = header.runs[0].head;
  const start = linked ?? (fresh ? { module, head } : state);
  state.module = Math.min(start.module, lens.modules().length - 1);
  state.head = Math.min(start.head, lens.module().heads - 1);
  const { rows, columns, from, at } = lens.module();
  const sentence = JSON.stringify([from, at]);
  const kept = Boolean(linked) || sentence === lens.sentence;
  const row = kept && start.row < rows;
  const cell = row && start.column >= 0 && start.column < columns;
  lens.sentence = sentence;
  Object.assign(state, {
    row: row ? start.row : header.mode === "arcs" ? rows - 1 : tellingRow(lens.module(), lens.weights()),
    column: cell ? start.column : -1,
    open: cell && (Boolean(linked) || state.open),
    hover: null, peek: null,
  });
  if (state.open) bringExact(lens);
}

function update(lens, patch) {
  const before = lens.state;
  lens.state = { ...before, ...patch };
  const { state } = lens;
  const module = lens.module();
  state.row = Math.min(state.row, module.rows - 1);
  state.column = Math.min(state.column, module.columns - 1);
  if (["module", "head", "row", "column", "open"].some((name) => state[name] !== before[name])) lens.link.set(state);
  if (state.open) bringExact(lens);
  lens.draw();
}

// See to it that the chosen head is here to the last digit, then do what was wanted with it.
export function bringExact(lens, then = null) {
  const { module, head } = lens.state;
  if (isExact(lens.module(), head)) return then?.();
  lens.pending = then;
  if (lens.waitingFor !== `${module}.${head}`) lens.ask([module, head]);
  lens.waitingFor = `${module}.${head}`;
  return undefined;
}

function finishWaiting(lens) {
  if (!isExact(lens.module(), lens.state.head)) return;
  const then = lens.pending;
  Object.assign(lens, { waitingFor: null, pending: null });
  then?.();
}
