// The rows as one SVG with its colours written in: what it shows, the settings, what each mark is, and the bars as they
// stand on the page.
import { readColours } from "../lens/colour.js";
import { fill, label, percent } from "../lens/text.js";
import { FONTS, svg, textWidth } from "../tools/files.js";
import { expectedText, linesOf } from "./rows.js";
import { settingNames, settingText } from "./sliders.js";

const [EDGE, GUTTER, ROW, LINE] = [16, 12, 27, 21]; // pixels: around it all, between columns, a row, a line of text
const [RANK, BARS] = [20, 360]; // across
const [TITLE, SIZE, SMALL] = [15, 13, 12]; // of letters
const BOLD = 600;
const SWATCH = 14; // across, with the space after it

// Returns the <svg>, as large as what is in it.
export function drawBars(sampler) {
  const { words, root, draws } = sampler;
  const colours = { ...readColours(root), own: getComputedStyle(root).getPropertyValue("--seq-2").trim() };
  const { lines, end } = linesOf(sampler);
  const named = lines.map((line) => ({ ...line, ...nameIn(sampler, line), said: figuresOf(sampler, line) }));
  const settings = Object.entries(settingNames(words)).map(([name, title]) => `${title} ${settingText(root.settings, name, words)}`).join(" · ");
  const told = [words.caption, settings, ...(draws ? [sampler.drawer.state.textContent] : [])];
  const at = columnsOf(sampler, named);
  const top = EDGE + 24 + told.length * LINE + 12; // where the rows' own heads stand
  const title = { "font-size": TITLE, "font-weight": BOLD };
  const width = Math.max(at.width, 2 * EDGE + Math.max(textWidth(words.table, FONTS, TITLE, BOLD), ...told.map((text) => textWidth(text, FONTS, SIZE))));
  const height = top + LINE + lines.length * ROW + EDGE;
  const whole = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONTS, "font-size": SIZE, fill: colours.ink, role: "img", "aria-label": words.table });
  whole.append(hatching(colours), svg("rect", { width, height, fill: colours.paper }));
  whole.append(svg("text", { x: EDGE, y: EDGE + 12, ...title }, words.table));
  told.forEach((text, i) => whole.append(svg("text", { x: EDGE, y: EDGE + 36 + i * LINE, fill: i === 1 ? colours.ink : colours.quiet }, text)));
  whole.append(headIn(sampler, at, end, top, colours));
  named.forEach((line, i) => whole.append(rowIn(line, i, at, end, top + LINE + 4 + i * ROW, colours)));
  return whole;
}

// What is said of a row in its columns of numbers.
function figuresOf({ truth, draws, words }, line) {
  const said = { before: percent(line.before), after: percent(line.after) };
  if (truth) said.truth = percent(line.truth);
  if (draws) said.drawn = `${line.count}${line.after ? ` ${expectedText(line, words)}` : ""}`;
  return said;
}

function nameIn({ names, words }, { id, others }) {
  if (id === null) return { name: fill(words.others, { count: others }), chipped: false };
  return names.has(id) ? { name: label(names.get(id)), chipped: true } : { name: fill(words.unnamed, { id }), chipped: false };
}

// x of each column: the names and the bars from their left, the numbers to their right.
function columnsOf({ words }, named) {
  const widest = (texts, size = SIZE) => Math.max(...texts.map((text) => textWidth(text, FONTS, size)));
  const name = EDGE + RANK + GUTTER;
  const bars = name + Math.max(widest(named.map((line) => line.name)) + 12, widest([words.token], SMALL)) + GUTTER;
  const figures = {};
  let x = bars + BARS;
  for (const column of Object.keys(named[0].said)) {
    x += GUTTER + 4 + Math.max(widest(named.map(({ said }) => said[column])), SWATCH + widest([words[column]], SMALL));
    figures[column] = x;
  }
  return { name, bars, figures, width: x + EDGE };
}

// Each column's title beside the mark that stands for it in the bars.
function headIn({ words }, at, end, y, colours) {
  const group = svg("g", { transform: `translate(0 ${y})`, fill: colours.quiet, "font-size": SMALL });
  group.append(svg("text", { x: at.name, y: 8 }, words.token), svg("text", { x: at.bars, y: 8 }, "0"));
  group.append(svg("text", { x: at.bars + BARS / 2, y: 8, "text-anchor": "middle" }, words.probability));
  group.append(svg("text", { x: at.bars + BARS, y: 8, "text-anchor": "end" }, String(end)));
  for (const [column, x] of Object.entries(at.figures)) {
    group.append(svg("text", { x, y: 8, "text-anchor": "end" }, words[column]), swatchIn(column, x - textWidth(words[column], FONTS, SMALL) - SWATCH, colours));
  }
  const last = Math.max(...Object.values(at.figures));
  group.append(svg("path", { d: `M${EDGE} 15H${last}`, stroke: colours.faint, fill: "none" }));
  return group;
}

function swatchIn(column, x, colours) {
  if (column === "truth") return svg("rect", { x: x + 7, y: -2, width: 2, height: 10, fill: colours.ink });
  if (column === "drawn") return svg("circle", { cx: x + 6, cy: 4, r: 2.5, fill: colours.paper, stroke: colours.ink, "stroke-width": 2 });
  return svg("rect", { x, y: 1, width: 10, height: 6, rx: 1, fill: column === "before" ? colours.own : colours.accent });
}

function rowIn(line, i, at, end, y, colours) {
  const group = svg("g", { transform: `translate(0 ${y})`, class: "row" });
  if (line.id !== null) group.append(svg("text", { x: EDGE + RANK, y: 18, "text-anchor": "end", "font-size": SMALL, fill: colours.quiet }, String(i + 1)));
  group.append(...nameOfRow(line, at.name, colours), ...marksOf(line, at.bars, end, colours));
  for (const [column, x] of Object.entries(at.figures)) group.append(svg("text", { x, y: 18, "text-anchor": "end" }, line.said[column]));
  return group;
}

function nameOfRow({ name, chipped, cut }, x, colours) {
  if (!chipped) return [svg("text", { x, y: 18, fill: colours.quiet }, name)];
  const width = textWidth(name, FONTS, SIZE);
  const face = svg("rect", { x: x + 0.5, y: 3.5, width: width + 11, height: 20, rx: 5, fill: "none", stroke: colours.faint });
  if (cut) face.setAttribute("stroke-dasharray", "3 2");
  const said = svg("text", { x: x + 6 + width / 2, y: 18, "text-anchor": "middle", textLength: Math.max(1, width), lengthAdjust: "spacingAndGlyphs" }, name);
  if (cut) said.setAttribute("fill", colours.quiet);
  said.style.unicodeBidi = "isolate";
  return [face, said];
}

// The model's bar over the sampler's, the truth as a tick, what was drawn as a dot in its expected reach.
function marksOf({ before, after, cut, truth, drawn, reach }, left, end, colours) {
  const to = (share) => left + BARS * Math.min(1, Math.max(0, share / end));
  const bar = (share, y, fill) => svg("rect", { x: left, y, width: to(share) - left, height: 7, fill });
  const own = bar(before, 5, cut ? "url(#cut)" : colours.own);
  if (cut) own.setAttribute("stroke", colours.quiet);
  const made = [own, bar(after, 14, colours.accent), svg("path", { d: `M${left} 4v19`, stroke: colours.quiet })];
  if (truth) made.push(svg("path", { d: `M${to(truth) - 4} 1h8l-3 4v18h-2v-18z`, fill: colours.ink }));
  if (reach) {
    const [low, high] = reach.map(to);
    made.push(svg("path", { d: `M${low} 17.5H${high}M${low} 15v5M${high} 15v5`, stroke: colours.ink, fill: "none" }));
  }
  if (drawn !== null) made.push(svg("circle", { cx: to(drawn), cy: 17.5, r: 3.5, fill: colours.paper, stroke: colours.ink, "stroke-width": 2 }));
  return made;
}

// The fill of a bar that is cut.
function hatching(colours) {
  const pattern = svg("pattern", { id: "cut", width: 4, height: 4, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(svg("path", { d: "M0.5 0v4", stroke: colours.quiet }));
  const kept = svg("defs", {});
  kept.append(pattern);
  return kept;
}
