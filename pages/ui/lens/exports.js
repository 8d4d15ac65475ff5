// What is shown, as files: PNG and SVG of the large maps, CSV of the exact numbers.
// shown: [{title, module, values, step, table}], one, or three when two runs stand side by side.
import { css } from "./colour.js";
import { exact, label } from "./text.js";
import { save } from "../tools/share.js";

const SVG = "http://www.w3.org/2000/svg";
const SCALE = 3; // pixels of the PNG for each pixel of the page
const [MARGIN, HEAD] = [12, 56]; // room around the maps, and above them for the title

function sizeOf(place, count) {
  return { width: Math.max(340, count * (place.width + MARGIN) + MARGIN), height: place.height + HEAD + MARGIN };
}

const across = (place, i) => MARGIN + i * (place.width + MARGIN);

// draw(context, one) paints one map at (0, 0).
export function savePng(name, place, title, shown, colours, draw) {
  const { width, height } = sizeOf(place, shown.length);
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, width, height);
  shown.forEach((one, i) => {
    const map = document.createElement("canvas");
    map.width = place.width * SCALE;
    map.height = place.height * SCALE;
    const inner = map.getContext("2d");
    inner.scale(SCALE, SCALE);
    draw(inner, one);
    context.drawImage(map, across(place, i), HEAD, place.width, place.height);
    context.fillStyle = colours.ink;
    context.font = `13px ${colours.font}`;
    context.fillText(one.title, across(place, i), 44);
  });
  context.font = `14px ${colours.font}`;
  context.fillText(title, MARGIN, 22);
  canvas.toBlob((blob) => save(name, blob), "image/png");
}

export function saveSvg(name, place, title, shown, colours) {
  const { width, height } = sizeOf(place, shown.length);
  const facts = { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": colours.font, "font-size": 13, fill: colours.ink };
  const root = shape("svg", facts);
  root.append(shape("rect", { width, height, fill: colours.paper }), shape("text", { x: MARGIN, y: 22 }, title));
  shown.forEach((one, i) => root.append(svgMap(place, one, across(place, i), colours)));
  save(name, new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" }));
}

function svgMap(place, { title, module, values, step, table }, x, colours) {
  const { left, top, cell } = place;
  const group = shape("g", { transform: `translate(${x} ${HEAD})` });
  group.append(shape("text", { x: 0, y: 44 - HEAD }, title));
  values.forEach((value, i) => {
    if (!module.visible[i] && value === 0) return;
    const at = { x: left + (i % module.columns) * cell, y: top + Math.floor(i / module.columns) * cell };
    group.append(shape("rect", { ...at, width: cell, height: cell, fill: css(table, step(value)), stroke: colours.faint, "stroke-width": 0.5 }));
  });
  module.from.forEach((token, t) => group.append(shape("text", { x: left - 7, y: top + (t + 0.5) * cell + 4, "text-anchor": "end" }, label(token))));
  module.at.forEach((token, s) => {
    const transform = `translate(${left + (s + 0.5) * cell + 2} ${top - 6}) rotate(-45)`;
    group.append(shape("text", { transform }, label(token)));
  });
  return group;
}

// XML knows no lone surrogates.
function shape(tag, facts, text = null) {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text.replace(/\p{Surrogate}/gu, "\ufffd");
  return made;
}

// Rows look at columns. A token that begins like a formula gets an apostrophe, or a spreadsheet would run it.
export function csvOf(shown) {
  const quote = (token) => `"${(/^\s*[=+\-@]/.test(token) ? `'${token}` : token).replaceAll('"', '""')}"`;
  const tables = shown.map(({ title, module, values }) => {
    const rows = module.from.map((token, t) => [quote(token), ...Array.from(values.subarray(t * module.columns, (t + 1) * module.columns), exact)]);
    return [[quote(title), ...module.at.map(quote)], ...rows].map((row) => `${row.join(",")}\r\n`).join("");
  });
  return `\ufeff${tables.join("\r\n")}`;
}
