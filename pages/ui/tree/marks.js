// A mark of its own for each strategy, so that no colour ever stands alone; and the small bar of what was cut.
import { svg } from "../tools/files.js";

// Each drawn around 0 0, ten units wide.
const MARKS = [
  "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", "M0 -5L5 4H-5z", "M-4 -4H4V4H-4z", "M0 -5.5L5.5 0L0 5.5L-5.5 0z",
  "M-1.6 -5H1.6V-1.6H5V1.6H1.6V5H-1.6V1.6H-5V-1.6H-1.6z", "M0 5L5 -4H-5z", "M-5 -1.8H5V1.8H-5z", "M-2.6 -4.6H2.6L5.2 0L2.6 4.6H-2.6L-5.2 0z",
];
const CELL = 13; // pixels across for a mark, and more where it has a bar
const BAR = { width: 6, height: 12 };

export function mark(strategy, colours, facts = {}) {
  const fill = colours.categories[strategy % colours.categories.length];
  return svg("path", { d: MARKS[strategy % MARKS.length], fill, stroke: colours.ink, "stroke-width": 0.6, ...facts });
}

// A mark outside the drawing: in the legend and in lists.
export function markIcon(strategy, colours) {
  const made = svg("svg", { width: 14, height: 14, viewBox: "-7 -7 14 14", "aria-hidden": "true", class: "mark" });
  made.append(mark(strategy, colours));
  return made;
}

// The strategies that go through a node, each with the mass that it cut away there, or null.
export function passing(tree, node) {
  const found = new Map();
  for (const path of node.paths) {
    const { strategy } = tree.paths[path];
    if (!tree.off.has(strategy)) found.set(strategy, Math.max(found.get(strategy) ?? -1, node.cut[path] ?? -1));
  }
  return [...found].sort(([a], [b]) => a - b).map(([strategy, cut]) => ({ strategy, cut: cut > 0 ? cut : null }));
}

// Whether every path through a node, of those switched on, was dropped.
export function isPruned(tree, node) {
  const mine = node.paths.map((path) => tree.paths[path]).filter(({ strategy }) => !tree.off.has(strategy));
  return node.parent !== null && mine.length > 0 && mine.every(({ dropped }) => dropped !== null);
}

export const marksWidth = (passes) => passes.reduce((sum, { cut }) => sum + CELL + (cut === null ? 0 : BAR.width + 3), 0);

// The row of marks under a chip, from x on.
export function drawMarks(group, passes, x, y, colours) {
  let at = x;
  for (const { strategy, cut } of passes) {
    group.append(mark(strategy, colours, { transform: `translate(${at + 6} ${y + 6})` }));
    at += CELL;
    if (cut === null) continue;
    drawBar(group, at, y, cut, colours);
    at += BAR.width + 3;
  }
}

// Below, what stayed; above, hatched, what was cut.
function drawBar(group, x, y, cut, colours) {
  const top = y + BAR.height * cut;
  group.append(svg("rect", { x, y: top, width: BAR.width, height: y + BAR.height - top, fill: colours.quiet }));
  for (let line = y + 1.5; line < top - 0.4; line += 2) {
    group.append(svg("path", { d: `M${x} ${line}h${BAR.width}`, stroke: colours.quiet, "stroke-width": 0.7 }));
  }
  group.append(svg("rect", { x, y, width: BAR.width, height: BAR.height, fill: "none", stroke: colours.quiet, "stroke-width": 0.8 }));
}
