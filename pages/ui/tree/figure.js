// The drawing: chips, edges as thick as their probability, marks, crosses where a beam was pruned. All of it SVG with its
// colours written in, so that what is saved is what is seen.
import { label, short } from "../lens/text.js";
import { svg, textWidth } from "../tools/files.js";
import { CHIP, edgeLine, layTree } from "./layout.js";
import { drawMarks, isPruned, marksWidth, passing } from "./marks.js";

const [THIN, THICK] = [1.2, 10]; // pixels of an edge of probability 0, and of 1
const TEXT = 13;
const [MARGIN, LABEL] = [6, 128]; // room around the tree, and behind it for the names of the paths

const [END, CROSS] = [14, 18]; // room behind a chip for the mark of an end, and for a cross
const LONGEST_PROMPT = 18; // letters

// The prompt may be long: its end is what matters.
function nodeLabel(node, upright) {
  if (node.parent !== null) return label(node.token, upright ? 10 : 14);
  const letters = Array.from(node.token);
  if (letters.length <= LONGEST_PROMPT) return label(node.token, LONGEST_PROMPT);
  const end = letters.slice(-LONGEST_PROMPT).join("");
  return `… ${label(end.replace(/^\S*\s+(?=\S)/, ""), LONGEST_PROMPT)}`;
}

// Fills tree.view: {svg, nodes: Map id -> {group, edge}, layout}.
export function drawTree(tree, colours, upright) {
  const labels = new Map(tree.nodes.map((node) => [node.id, nodeLabel(node, upright)]));
  const chipWidth = (node) => Math.max(24, textWidth(labels.get(node.id), colours.font, TEXT) + 12);
  const behind = (node) => (node.end ? END : 0) + (upright && isPruned(tree, node) ? CROSS : 0);
  const layout = layTree(tree, (node) => Math.max(chipWidth(node) + behind(node), marksWidth(passing(tree, node))), upright);
  const whole = svg("g", { transform: `translate(${MARGIN} ${MARGIN})` });
  const [width, height] = [layout.width + 2 * MARGIN + (upright ? 0 : LABEL), layout.height + 2 * MARGIN];
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": colours.font, "font-size": TEXT, role: "group", "aria-label": tree.words.title });
  const nodes = new Map();
  const edges = [...layout.edges].sort((a, b) => b.branch - a.branch);
  for (const edge of edges) {
    const made = drawEdge(tree, edge, layout, chipWidth, colours);
    whole.append(made);
    nodes.set(edge.to.id, { edge: made });
  }
  for (const node of tree.nodes) {
    const at = layout.places.get(node.id);
    if (!at) continue;
    const group = drawNode(tree, node, at, { text: labels.get(node.id), width: chipWidth(node), leaf: layout.children.get(node.id).length === 0, upright }, colours);
    whole.append(group);
    nodes.set(node.id, { ...nodes.get(node.id), group });
  }
  root.append(whole);
  return { svg: root, nodes, layout };
}

function drawEdge(tree, edge, layout, chipWidth, colours) {
  const passes = passing(tree, edge.to);
  const stroke = passes.length === 1 ? colours.categories[passes[0].strategy % colours.categories.length] : colours.edge;
  const d = edgeLine(edge, layout, chipWidth);
  return svg("path", { d, fill: "none", stroke, "stroke-width": THIN + (THICK - THIN) * edge.to.probability, class: "edge" });
}

function drawNode(tree, node, { x, y }, { text, width, leaf, upright }, colours) {
  const group = svg("g", { class: "node", role: "button", tabindex: -1, transform: `translate(${x} ${y})` });
  const facts = { x: 0, y: 0, width, height: CHIP, rx: 5, fill: colours.paper, stroke: colours.faint, "stroke-width": 1 };
  const wide = { textLength: Math.max(1, textWidth(text, colours.font, TEXT)), lengthAdjust: "spacingAndGlyphs" }; // in any font
  const said = svg("text", { x: width / 2, y: 16.5, "text-anchor": "middle", fill: colours.ink, ...wide }, text);
  said.style.unicodeBidi = "isolate";
  group.append(svg("rect", { x: -2, y: -2, width: width + 4, height: CHIP + 18, fill: "transparent", class: "reach" }), svg("rect", { ...facts, class: "face" }), said);
  drawMarks(group, passing(tree, node), 0, CHIP + 4, colours);
  if (node.end) group.append(svg("rect", { x: width + 5, y: 8, width: 8, height: 8, fill: colours.ink, class: "end" }));
  if (leaf) drawEnd(tree, node, group, width + (node.end ? END : 0), upright, colours);
  return group;
}

// Behind the last token: the cross of a pruned beam, or whose text this is and how likely it is.
function drawEnd(tree, node, group, x, upright, colours) {
  if (isPruned(tree, node)) {
    group.append(svg("path", { d: `M${x + 6} 8l8 8m0 -8l-8 8`, stroke: colours.ink, "stroke-width": 1.5, class: "pruned" }));
  } else if (!upright) {
    const names = passing(tree, node).map(({ strategy }) => tree.strategies[strategy].name).join(", ");
    group.append(svg("text", { x: x + 8, y: 16, "font-size": 13, fill: colours.ink, class: "whose" }, label(names, 18)));
    group.append(svg("text", { x: x + 8, y: 33, "font-size": 12, fill: colours.quiet, class: "whose" }, short(node.log_probability)));
  }
}
