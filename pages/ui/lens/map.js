// One head large: the words on both axes, a cell for each pair, the row of the chosen token marked.
import { changeStep, css, image, readable, weightStep } from "./colour.js";
import { sharpen } from "./dom.js";
import { label, percent } from "./text.js";

const FONT = 13;
const ROW_ROOM = 14; // pixels that a word needs on an axis: level, and slanted
const COLUMN_ROOM = 20;
const STILLS = 4; // kept: as many as the maps that stand side by side

// Where everything goes: x and y of the first cell, the size of a cell, the size of the whole.
export function layMap(context, module, width, tallest, titles, colours) {
  context.font = `${FONT}px ${colours.font}`;
  const longest = (tokens) => Math.max(...tokens.map((token) => context.measureText(label(token)).width));
  const axes = Math.max(...titles.map((text) => context.measureText(text).width * 0.85)) + 10;
  const left = Math.max(axes, Math.min(110, longest(module.from) + 12));
  const top = Math.max(40, Math.min(96, longest(module.at) * 0.72 + 22));
  const cell = Math.max(2, Math.min((width - left - 12) / module.columns, tallest / module.rows, 44));
  const overhang = Math.min(40, longest(module.at) * 0.7);
  const fits = left + module.columns * cell + overhang < width ? overhang : 12;
  return { left, top, cell, width: left + module.columns * cell + fits, height: top + module.rows * cell + 2 };
}

// values: (rows * columns); step: weightStep or changeStep.
export function drawMap(context, place, module, values, view, colours) {
  const { left, top, cell } = place;
  const change = view.step === changeStep;
  const table = change ? colours.change : colours.weights;
  context.clearRect(0, 0, place.width + 99, place.height + 9);
  context.imageSmoothingEnabled = false;
  const small = document.createElement("canvas");
  small.width = module.columns;
  small.height = module.rows;
  small.getContext("2d").putImageData(image(values, module.rows, module.columns, table, view.step), 0, 0);
  context.drawImage(small, left, top, module.columns * cell, module.rows * cell);
  context.drawImage(still(place, module, view, change, colours), 0, 0, place.width, place.height);
  drawMarks(context, place, module, view, colours);
  if (cell >= 34) drawNumbers(context, place, module, values, table, view, colours);
}

// What all heads under one mask share while the same cell is chosen: hatching, grid and words. Painted once, then copied.
function still(place, module, view, change, colours) {
  const known = `${module.mask} ${view.row} ${view.column} ${change} ${colours.dark}`;
  place.stills ??= new Map();
  if (!place.stills.has(known)) {
    if (place.stills.size >= STILLS) place.stills.delete(place.stills.keys().next().value);
    const canvas = document.createElement("canvas");
    const context = sharpen(canvas, place.width, place.height);
    if (!change) drawHidden(context, place, module, colours);
    drawGrid(context, place, module, colours);
    drawWords(context, place, module, view, colours);
    place.stills.set(known, canvas);
  }
  return place.stills.get(known);
}

// Cells that the mask closes are hatched: "may not look" is not the same as "looks at with weight 0".
function drawHidden(context, { left, top, cell }, module, colours) {
  context.strokeStyle = colours.faint;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i < module.visible.length; i += 1) {
    if (module.visible[i]) continue;
    const x = left + (i % module.columns) * cell;
    const y = top + Math.floor(i / module.columns) * cell;
    if (cell < 7) context.rect(x + cell / 2, y + cell / 2, 0.5, 0.5);
    else {
      context.moveTo(x + cell * 0.36, y + cell * 0.64);
      context.lineTo(x + cell * 0.64, y + cell * 0.36);
    }
  }
  context.stroke();
}

function drawGrid(context, { left, top, cell }, module, colours) {
  if (cell >= 12) {
    context.strokeStyle = colours.paper;
    context.lineWidth = 1;
    context.beginPath();
    for (let s = 1; s < module.columns; s += 1) line(context, left + s * cell, top, left + s * cell, top + module.rows * cell);
    for (let t = 1; t < module.rows; t += 1) line(context, left, top + t * cell, left + module.columns * cell, top + t * cell);
    context.stroke();
  }
  context.strokeStyle = colours.faint;
  context.strokeRect(left - 0.5, top - 0.5, module.columns * cell + 1, module.rows * cell + 1);
}

function line(context, x1, y1, x2, y2) {
  context.moveTo(Math.round(x1) + 0.5, y1);
  context.lineTo(Math.round(x2) + 0.5, y2);
}

function drawWords(context, { left, top, cell }, module, view, colours) {
  const written = (i, chosen, room) => {
    const every = Math.max(1, Math.ceil(room / cell - 0.3));
    return i === chosen || (i % every === 0 && (chosen < 0 || Math.abs(i - chosen) >= every));
  };
  context.font = `${FONT}px ${colours.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  module.from.forEach((token, t) => {
    if (!written(t, view.row, ROW_ROOM)) return;
    context.fillStyle = t === view.row ? colours.accent : colours.ink;
    context.fillText(label(token), left - 7, top + (t + 0.5) * cell);
  });
  context.fillStyle = colours.quiet;
  context.font = `11px ${colours.font}`;
  view.axes.forEach((text, i) => context.fillText(text, left - 7, top - 23 + 15 * i));
  context.font = `${FONT}px ${colours.font}`;
  context.textAlign = "left";
  module.at.forEach((token, s) => {
    if (!written(s, view.column, COLUMN_ROOM)) return;
    context.save();
    context.translate(left + (s + 0.5) * cell + 2, top - 6);
    context.rotate(-Math.PI / 4);
    context.fillStyle = s === view.column ? colours.accent : colours.ink;
    context.fillText(label(token), 0, 0);
    context.restore();
  });
}

function drawMarks(context, { left, top, cell }, module, view, colours) {
  if (view.row < 0) return;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.5;
  context.strokeRect(left, top + view.row * cell, module.columns * cell, cell);
  if (view.column < 0) return;
  context.lineWidth = 2.5;
  context.strokeRect(left + view.column * cell, top + view.row * cell, cell, cell);
}

function drawNumbers(context, { left, top, cell }, module, values, table, view, colours) {
  context.font = `11px ${colours.font}`;
  context.textAlign = "center";
  values.forEach((value, i) => {
    if (!module.visible[i] || value === 0) return;
    context.fillStyle = readable(table, view.step(value), colours);
    const text = value < 0 ? `−${percent(-value)}` : percent(value);
    context.fillText(text, left + ((i % module.columns) + 0.5) * cell, top + (Math.floor(i / module.columns) + 0.5) * cell);
  });
}

// The cell under a point of the canvas, or null; a point on the words of an axis gives that row (column -1).
export function cellAt(place, module, x, y) {
  const row = Math.floor((y - place.top) / place.cell);
  const column = Math.floor((x - place.left) / place.cell);
  if (row < 0 || row >= module.rows || column >= module.columns) return null;
  return { row, column: Math.max(-1, column) };
}

// The legend: how ink grows with the weight, as a strip with its numbers.
export function drawLegend(context, width, change, colours) {
  const table = change ? colours.change : colours.weights;
  const span = width - 30;
  context.clearRect(0, 0, width, 40);
  for (let x = 0; x < span; x += 1) {
    const part = x / (span - 1);
    context.fillStyle = css(table, change ? changeStep(2 * part - 1) : weightStep(part));
    context.fillRect(15 + x, 2, 1.5, 8);
  }
  context.strokeStyle = colours.faint;
  context.strokeRect(14.5, 1.5, span + 1, 9);
  context.font = `11px ${colours.font}`;
  context.fillStyle = colours.quiet;
  context.textAlign = "center";
  const ticks = change ? [-1, -0.5, 0, 0.5, 1] : [0, 0.1, 0.25, 0.5, 1];
  ticks.forEach((tick) => context.fillText(String(tick).replace("-", "−"), 15 + span * (change ? (tick + 1) / 2 : tick), 21));
}
