// The tree as a file: PNG and SVG of what is drawn, CSV of the numbers.
import { exact } from "../lens/text.js";
import { FONTS, quote, saveCsv, saveSvg, saveSvgAsPng, svg, svgText } from "../tools/files.js";

function drawing(tree, colours) {
  const whole = tree.view.svg.cloneNode(true);
  for (const part of [...whole.querySelectorAll(".reach, .unseen")]) part.remove();
  whole.setAttribute("font-family", `"Source Sans", ${FONTS}`);
  whole.insertBefore(svg("rect", { width: "100%", height: "100%", fill: colours.paper }), whole.firstChild);
  return svgText(whole);
}

export const saveTreeSvg = (tree, colours) => saveSvg(`${tree.file}.svg`, drawing(tree, colours));

export function saveTreePng(tree, colours) {
  const [width, height] = ["width", "height"].map((name) => Number(tree.view.svg.getAttribute(name)));
  return saveSvgAsPng(`${tree.file}.png`, drawing(tree, colours), width, height);
}

// A row for each token.
function treeRows(tree) {
  const names = (node) => [...new Set(node.paths.map((path) => tree.strategies[tree.paths[path].strategy].name))].join("; ");
  const { words } = tree;
  const head = ["id", words.parent, words.step, words.token, words.probability, words.truth, words.log_probability, words.strategies].map(quote);
  return [head, ...tree.nodes.map((node) => [
    node.id, node.parent ?? "", node.step, quote(node.token), node.parent === null ? "" : exact(node.probability),
    node.truth === null ? "" : exact(node.truth), exact(node.log_probability).replace("−", "-"), quote(names(node)),
  ])];
}

export const saveTreeCsv = (tree) => saveCsv(`${tree.file}.csv`, treeRows(tree));
