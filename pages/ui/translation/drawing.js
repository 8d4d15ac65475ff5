// The step of a translation that is shown, as one SVG with its colours written in: chips and lines as they stand on the
// page, above them which head it is, below them the likeliest tokens.
import { readColours } from "../lens/colour.js";
import { label, percent } from "../lens/text.js";
import { FONTS, svg, textWidth } from "../tools/files.js";
import { FIGURE } from "./lines.js";

const [EDGE, LINE, ROW] = [16, 24, 27]; // pixels: around it all, a line of text, a row of the bars
const BAR = 320; // pixels at a probability of 1
const [SIZE, SMALL] = [14, 11]; // of letters
const wholeOf = (token) => label(token, Infinity);
const acrossOf = (token, weight) => textWidth(wholeOf(token), FONTS, SIZE, weight);

// Returns the <svg>, as large as what is in it. shown: what translation.js built; head: which one it shows.
export function drawTranslation({ root, found, stage, drawing, above, below, said }, head) {
  const { words, tokens, links, likeliest, source } = found.header;
  const { step, pick } = root.state;
  const colours = { ...readColours(root), gold: getComputedStyle(root).getPropertyValue("--div-1").trim() };
  const frame = stage.getBoundingClientRect();
  const partners = new Set(links?.[step] ?? []);
  const weights = found.row(pick, step);
  const sums = [...(links ? [`◆ ${words.gold}`] : []), said.textContent, words.next];
  const space = /[^\x00-\xff]$/.test(words.heads) ? "" : " "; // a full-width colon brings its own
  const told = [words.heads + space + head, ...sums];
  const rows = likeliest[step].map(([token, probability]) => ({ token, probability, taken: token === tokens[step], across: acrossOf(token) + 12 }));
  const names = Math.max(...rows.map(({ across }) => across));
  const top = EDGE + LINE; // where the chips begin
  const bottom = top + frame.height + LINE;
  const height = Math.ceil(bottom + sums.length * LINE + rows.length * ROW + EDGE);
  const last = Math.max(...[...above, ...below].map((one) => one.getBoundingClientRect().right)) - frame.left;
  const wanted = [last, names + BAR + 80, ...told.map((text) => textWidth(text, FONTS, SIZE))];
  const width = Math.ceil(Math.max(...wanted)) + 2 * EDGE;
  const made = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONTS, "font-size": SIZE, fill: colours.ink, role: "img" });
  made.append(svg("rect", { width, height, fill: colours.paper }), svg("text", { x: EDGE, y: EDGE + 12 }, told[0]));
  const middle = svg("g", { transform: `translate(${EDGE} ${top})` });
  middle.append(...[...drawing.children].map((path) => pathOf(path, colours)));
  middle.append(...above.flatMap((one, s) => sourceOf(boxOf(one, frame), source[s], weights[s], partners.has(s), colours)));
  middle.append(...below.flatMap((one, n) => targetOf(boxOf(one, frame), tokens[n], n - step, colours)));
  made.append(middle, ...sums.map((text, i) => svg("text", { x: EDGE, y: bottom + i * LINE + 6 }, text)));
  rows.forEach((one, i) => made.append(likelyOf(one, names, bottom + sums.length * LINE + i * ROW, colours)));
  return made;
}

function boxOf(one, frame) {
  const { left, top, width, height } = one.getBoundingClientRect();
  return { x: left - frame.left, y: top - frame.top, width, height };
}

function pathOf(path, colours) {
  const copy = path.cloneNode();
  const now = path.classList.contains("now");
  copy.setAttribute("fill", "none");
  copy.setAttribute("stroke-linecap", "round");
  copy.setAttribute("stroke", now ? colours.accent : colours.quiet);
  if (!now) copy.setAttribute("stroke-dasharray", "3 4");
  return copy;
}

// A chip: its face, and the token in it, no wider than it is on the page.
function faceOf(box, stroke, fill = "none") {
  return svg("rect", { x: box.x + 0.5, y: box.y + 0.5, width: box.width - 1, height: box.height - 1, rx: 5, fill, stroke });
}

function textOf({ x, y, width, height }, token, facts = {}) {
  const own = Math.max(1, Math.min(width - 8, acrossOf(token, facts["font-weight"])));
  const at = { x: x + width / 2, y: y + height / 2 + 5, "text-anchor": "middle", textLength: own, lengthAdjust: "spacingAndGlyphs" };
  const made = svg("text", { ...at, ...facts }, wholeOf(token));
  made.style.unicodeBidi = "isolate";
  return made;
}

function sourceOf(box, token, weight, partner, colours) {
  const share = { x: box.x + box.width / 2, y: box.y + box.height + FIGURE - 5, "text-anchor": "middle", "font-size": SMALL, class: "share" };
  const said = percent(weight) + (partner ? " ◆" : "");
  return [faceOf(box, partner ? colours.gold : colours.faint, colours.paper), textOf(box, token), svg("text", share, said)];
}

// What is not yet written is an empty place.
function targetOf(box, token, ahead, colours) {
  const face = faceOf(box, ahead ? colours.faint : colours.accent, ahead > 0 ? "none" : colours.paper);
  if (ahead > 0) face.setAttribute("stroke-dasharray", "3 2");
  return ahead > 0 ? [face] : [face, textOf(box, token, { "font-weight": ahead ? 400 : 600 })];
}

function likelyOf({ token, probability, taken, across }, names, y, colours) {
  const group = svg("g", { transform: `translate(${EDGE} ${y})`, class: "likely" });
  const box = { x: 0, y: 0, width: across, height: 22 };
  const bar = { x: names + 10, y: 6, height: 11, rx: 3 };
  group.append(faceOf(box, taken ? colours.accent : colours.faint), textOf(box, token));
  group.append(svg("rect", { ...bar, width: BAR, fill: colours.faint, opacity: 0.45 }), svg("rect", { ...bar, width: BAR * probability, fill: colours.accent }));
  group.append(svg("text", { x: names + 18 + BAR, y: 17 }, percent(probability)));
  return group;
}
