// All heads at a glance: one canvas, a row for each attention module, a column for each head.
import { image } from "./colour.js";
import { sharpen } from "./dom.js";

const GAP = 3;
const LEFT = 22; // room for layer numbers
const TOP = 18; // room for head numbers
const BAND = 18; // room for "encoder", "decoder", "looks at the source"

// Where every small map goes, for a canvas of this width.
export function layOverview(modules, width, tallest) {
  const heads = Math.max(...modules.map((module) => module.heads));
  const across = (width - LEFT) / heads;
  const tile = Math.max(9, Math.min(tallest, across - GAP));
  const kinds = new Set(modules.map((module) => module.kind));
  const rows = [];
  let y = TOP;
  modules.forEach((module, index) => {
    const begins = kinds.size > 1 && (index === 0 || modules[index - 1].kind !== module.kind);
    if (begins) y += BAND;
    rows.push({ y, begins });
    y += tile + GAP;
  });
  return { heads, tile, rows, height: y, width: LEFT + heads * (tile + GAP), x: (head) => LEFT + head * (tile + GAP) };
}

// The small maps themselves, one pixel a cell, the heads of a module side by side: drawn once a run and theme, then only
// copied. weights(module index, head) -> (rows * columns); step: weightStep or changeStep with its table.
export function paintSheets(modules, weights, table, step) {
  return modules.map((module, index) => {
    const sheet = document.createElement("canvas");
    sheet.width = module.columns * module.heads;
    sheet.height = module.rows;
    const context = sheet.getContext("2d");
    for (let head = 0; head < module.heads; head += 1) {
      context.putImageData(image(weights(index, head), module.rows, module.columns, table, step), head * module.columns, 0);
    }
    return sheet;
  });
}

// What no choice changes, drawn once for a width and a theme: every small map, every number beside them.
export function paintOverview(canvas, layout, modules, sheets, colours, words) {
  const context = sharpen(canvas, layout.width, layout.height);
  context.clearRect(0, 0, layout.width + 9, layout.height);
  prepare(context, colours);
  modules.forEach((module, index) => {
    const { y, begins } = layout.rows[index];
    if (begins) {
      context.textAlign = "left";
      context.fillStyle = colours.quiet;
      context.fillText(words[`kind_${module.kind}`], LEFT, y - BAND / 2 - 1);
    }
    markLayer(context, layout, module, index, colours.quiet);
    for (let head = 0; head < module.heads; head += 1) drawTile(context, layout, sheets[index], module, head, y, colours);
  });
  for (let head = 0; head < layout.heads; head += 1) markHead(context, layout, head, colours.quiet);
  return canvas;
}

// The painted overview, and on it what is chosen and what is pointed at.
export function drawOverview(context, layout, modules, painted, state, colours) {
  context.clearRect(0, 0, layout.width + 9, layout.height);
  context.drawImage(painted, 0, 0, layout.width, layout.height);
  prepare(context, colours);
  markLayer(context, layout, modules[state.module], state.module, colours.accent);
  markHead(context, layout, state.head, colours.accent);
  if (state.peek) frame(context, layout, state.peek.module, state.peek.head, colours.quiet, 1);
  frame(context, layout, state.module, state.head, colours.accent, 2);
}

function prepare(context, colours) {
  context.font = `11px ${colours.font}`;
  context.textBaseline = "middle";
}

function markLayer(context, layout, module, index, colour) {
  mark(context, String(module.layer), LEFT - 8, layout.rows[index].y + layout.tile / 2, "right", colour);
}

function markHead(context, layout, head, colour) {
  mark(context, String(head), layout.x(head) + layout.tile / 2, TOP / 2, "center", colour);
}

function mark(context, text, x, y, align, colour) {
  context.fillStyle = colour;
  context.textAlign = align;
  context.fillText(text, x, y);
}

function drawTile(context, layout, sheet, module, head, y, colours) {
  const [size, x] = [layout.tile, layout.x(head)];
  const longer = Math.max(module.rows, module.columns);
  const [width, height] = [(size * module.columns) / longer, (size * module.rows) / longer];
  context.imageSmoothingEnabled = longer > size;
  context.drawImage(sheet, head * module.columns, 0, module.columns, module.rows, x, y, width, height);
  context.lineWidth = 1;
  context.strokeStyle = colours.faint;
  context.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
}

function frame(context, layout, module, head, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(layout.x(head) - 1, layout.rows[module].y - 1, layout.tile + 2, layout.tile + 2);
}

// The head under a point of the canvas, or null.
export function headAt(layout, modules, x, y) {
  const head = Math.floor((x - LEFT) / (layout.tile + GAP));
  const module = layout.rows.findIndex((row) => y >= row.y && y < row.y + layout.tile + GAP);
  return module >= 0 && head >= 0 && head < modules[module].heads ? { module, head } : null;
}
