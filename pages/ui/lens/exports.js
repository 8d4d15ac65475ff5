// What is shown, as files: PNG and SVG of the large map, CSV of the exact numbers.
import { css, weightStep } from "./colour.js";
import { exact, label } from "./text.js";
import { save } from "../tools/share.js";

const SVG = "http://www.w3.org/2000/svg";
const SCALE = 3; // pixels of the PNG for each pixel of the page

// draw(context) paints the map at (0, 0); title is written above it.
export function savePng(name, place, title, colours, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(place.width + 20, 320) * SCALE;
  canvas.height = (place.height + 50) * SCALE;
  const map = document.createElement("canvas");
  map.width = place.width * SCALE;
  map.height = place.height * SCALE;
  const inner = map.getContext("2d");
  inner.scale(SCALE, SCALE);
  draw(inner);
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colours.ink;
  context.font = `14px ${colours.font}`;
  context.fillText(title, 10, 24);
  context.drawImage(map, 10, 40, place.width, place.height);
  canvas.toBlob((blob) => save(name, blob), "image/png");
}

export function saveSvg(name, place, title, module, weights, colours) {
  const make = (tag, facts, text) => {
    const made = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const [width, height] = [Math.ceil(place.width + 20), Math.ceil(place.height + 50)];
  const root = make("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": colours.font, "font-size": 13, fill: colours.ink });
  root.append(make("rect", { width, height, fill: colours.paper }), make("text", { x: 10, y: 24 }, title));
  const [left, top, cell] = [place.left + 10, place.top + 40, place.cell];
  weights.forEach((weight, i) => {
    if (!module.visible[i]) return;
    const [x, y] = [left + (i % module.columns) * cell, top + Math.floor(i / module.columns) * cell];
    root.append(make("rect", { x, y, width: cell, height: cell, fill: css(colours.weights, weightStep(weight)), stroke: colours.faint, "stroke-width": 0.5 }));
  });
  module.from.forEach((token, t) => root.append(make("text", { x: left - 7, y: top + (t + 0.5) * cell + 4, "text-anchor": "end" }, clean(label(token)))));
  module.at.forEach((token, s) => root.append(make("text", { transform: `translate(${left + (s + 0.5) * cell + 2} ${top - 6}) rotate(-45)` }, clean(label(token)))));
  save(name, new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" }));
}

// XML knows no lone surrogates.
function clean(text) {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

// Rows look at columns. A token that begins like a formula gets an apostrophe, or a spreadsheet would run it.
export function csvOf(module, weights) {
  const quote = (token) => `"${(/^\s*[=+\-@]/.test(token) ? `'${token}` : token).replaceAll('"', '""')}"`;
  const lines = [["", ...module.at.map(quote)].join(",")];
  module.from.forEach((token, t) => {
    const row = Array.from(weights.subarray(t * module.columns, (t + 1) * module.columns), (weight) => exact(weight));
    lines.push([quote(token), ...row].join(","));
  });
  return `\ufeff${lines.join("\r\n")}\r\n`;
}
