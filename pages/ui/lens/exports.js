// What is shown, as files: PNG and SVG of the large maps, CSV of the exact numbers.
// shown: [{title, module, values, step, table}], one, or three when two runs stand side by side.
import { css } from "./colour.js";
import { exact, label } from "./text.js";
import { enlarged, quote, saveCsv, savePng, saveSvg, svg, svgText } from "../tools/files.js";

const [MARGIN, HEAD] = [12, 56]; // room around the maps, and above them for the title

function sizeOf(place, count) {
  return { width: Math.max(340, count * (place.width + MARGIN) + MARGIN), height: place.height + HEAD + MARGIN };
}

const across = (place, i) => MARGIN + i * (place.width + MARGIN);

// draw(context, one) paints one map at (0, 0).
export function saveMapsPng(name, place, title, shown, colours, draw) {
  const { width, height } = sizeOf(place, shown.length);
  const { canvas, context } = enlarged(width, height);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, width, height);
  shown.forEach((one, i) => {
    const map = enlarged(place.width, place.height);
    draw(map.context, one);
    context.drawImage(map.canvas, across(place, i), HEAD, place.width, place.height);
    context.fillStyle = colours.ink;
    context.font = `13px ${colours.font}`;
    context.fillText(one.title, across(place, i), 44);
  });
  context.font = `14px ${colours.font}`;
  context.fillText(title, MARGIN, 22);
  savePng(name, canvas);
}

export function saveMapsSvg(name, place, title, shown, colours) {
  const { width, height } = sizeOf(place, shown.length);
  const facts = { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": colours.font, "font-size": 13, fill: colours.ink };
  const root = svg("svg", facts);
  root.append(svg("rect", { width, height, fill: colours.paper }), svg("text", { x: MARGIN, y: 22 }, title));
  shown.forEach((one, i) => root.append(svgMap(place, one, across(place, i), colours)));
  saveSvg(name, svgText(root));
}

function svgMap(place, { title, module, values, step, table }, x, colours) {
  const { left, top, cell } = place;
  const group = svg("g", { transform: `translate(${x} ${HEAD})` });
  group.append(svg("text", { x: 0, y: 44 - HEAD }, title));
  values.forEach((value, i) => {
    if (!module.visible[i] && value === 0) return;
    const at = { x: left + (i % module.columns) * cell, y: top + Math.floor(i / module.columns) * cell };
    group.append(svg("rect", { ...at, width: cell, height: cell, fill: css(table, step(value)), stroke: colours.faint, "stroke-width": 0.5 }));
  });
  module.from.forEach((token, t) => group.append(svg("text", { x: left - 7, y: top + (t + 0.5) * cell + 4, "text-anchor": "end" }, label(token))));
  module.at.forEach((token, s) => {
    const transform = `translate(${left + (s + 0.5) * cell + 2} ${top - 6}) rotate(-45)`;
    group.append(svg("text", { transform }, label(token)));
  });
  return group;
}

// Rows look at columns; an empty line between two maps.
export function saveMapsCsv(name, shown) {
  const tables = shown.map(({ title, module, values }) => {
    const rows = module.from.map((token, t) => [quote(token), ...Array.from(values.subarray(t * module.columns, (t + 1) * module.columns), exact)]);
    return [[quote(title), ...module.at.map(quote)], ...rows];
  });
  saveCsv(name, tables.flatMap((rows, i) => (i > 0 ? [[], ...rows] : rows)));
}
