// The tree as a file: PNG and SVG of what is drawn, CSV of the numbers.
import { exact } from "../lens/text.js";
import { save } from "../tools/share.js";
import { svg } from "./marks.js";

const PIXELS = 3; // of the PNG for each pixel of the page
const FONTS = '"Source Sans", Arial, "Liberation Sans", "DejaVu Sans", sans-serif'; // a file has no fonts of the page
const LARGEST = 8000; // pixels across; browsers refuse larger canvases

function drawing(tree, colours) {
  const whole = tree.view.svg.cloneNode(true);
  for (const part of [...whole.querySelectorAll(".reach, .unseen")]) part.remove();
  whole.setAttribute("font-family", FONTS);
  whole.insertBefore(svg("rect", { width: "100%", height: "100%", fill: colours.paper }), whole.firstChild);
  return new XMLSerializer().serializeToString(whole);
}

export function saveTreeSvg(tree, colours) {
  save(`${tree.file}.svg`, new Blob([drawing(tree, colours)], { type: "image/svg+xml" }));
}

export async function saveTreePng(tree, colours) {
  const [width, height] = ["width", "height"].map((name) => Number(tree.view.svg.getAttribute(name)));
  const scale = Math.min(PIXELS, LARGEST / Math.max(width, height));
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing(tree, colours))}`;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => save(`${tree.file}.png`, blob), "image/png");
}

// A row for each token. What begins like a formula gets an apostrophe, or a spreadsheet would run it.
export function treeCsv(tree) {
  const quote = (text) => `"${(/^\s*[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const names = (node) => [...new Set(node.paths.map((path) => tree.strategies[tree.paths[path].strategy].name))].join("; ");
  const { words } = tree;
  const head = ["id", words.parent, words.step, words.token, words.probability, words.truth, words.log_probability, words.strategies].map(quote);
  const rows = tree.nodes.map((node) => [
    node.id, node.parent ?? "", node.step, quote(node.token), node.parent === null ? "" : exact(node.probability),
    node.truth === null ? "" : exact(node.truth), exact(node.log_probability).replace("−", "-"), quote(names(node)),
  ]);
  return `\ufeff${[head, ...rows].map((row) => `${row.join(",")}\r\n`).join("")}`;
}

export const saveTreeCsv = (tree) => save(`${tree.file}.csv`, new Blob([treeCsv(tree)], { type: "text/csv" }));
