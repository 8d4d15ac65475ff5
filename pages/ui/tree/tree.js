// One tree for all strategies: what is grown, chosen, pointed at, and switched off. stage.js shows it.
import { readColours } from "../lens/colour.js";
import { button, element } from "../lens/dom.js";
import { saveTreeCsv, saveTreePng, saveTreeSvg } from "./export.js";
import { makeGrowth } from "./growth.js";
import { fit, isNarrow, paint, redraw, tellList } from "./stage.js";

const FOLLOW = 60; // pixels between the newest token and the edge of what is seen

export default function mountTree({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".tree");
  const colours = treeColours(root);
  const { chosen, ...rest } = data;
  const asked = JSON.stringify(rest);
  if (root.asked !== asked) plant(root, rest, asked);
  const { tree } = root;
  tree.tell = (id) => setStateValue("node", id);
  tree.chosen = chosen;
  if (tree.colours?.ink !== colours.ink || !tree.view) {
    tree.colours = colours;
    redraw(tree);
  }
  paint(tree);
  return () => {
    tree.growth.stop();
    root.watcher?.disconnect();
    root.watcher = null;
    root.asked = null;
  };
}

function treeColours(root) {
  const colours = readColours(root);
  const style = getComputedStyle(root);
  const categories = [0, 1, 2, 3, 4, 5, 6].map((i) => style.getPropertyValue(`--cat-${i}`).trim());
  return { ...colours, categories, edge: style.getPropertyValue("--seq-2").trim() };
}

// New data: everything but the drawing.
function plant(root, data, asked) {
  root.asked = asked;
  const byId = new Map(data.nodes.map((node) => [node.id, node]));
  const tree = {
    root, ...data, byId, off: sameStrategies(root.tree, data) ? root.tree.off : new Set(), looked: null, stood: null, pointed: null, seenBy: null, count: data.nodes.length, listed: false,
    seen: (node) => node.parent === null || node.paths.some((path) => !tree.off.has(tree.paths[path].strategy)),
    isGrown: (node) => tree.order.get(node.id) < tree.count,
    file: data.name.replaceAll(".", "-"),
  };
  root.tree = tree;
  tree.parts = Object.fromEntries(["legend-place", "scroll", "panel-place", "listing"].map((name) => [name, element("div", name)]));
  tree.parts.listing.hidden = true;
  tree.growth = makeGrowth(data.words, (count) => grow(tree, count));
  lineUp(tree);
  const { words } = data;
  const listButton = button("tool", words.as_list, () => {
    tree.listed = !tree.listed;
    listButton.setAttribute("aria-expanded", String(tree.listed));
    tellList(tree);
  });
  listButton.setAttribute("aria-expanded", "false");
  const tools = element("div", "tools", button("tool", "PNG", () => saveTreePng(tree, tree.colours)), button("tool", "SVG", () => saveTreeSvg(tree, tree.colours)), button("tool", "CSV", () => saveTreeCsv(tree)), listButton);
  const { scroll, listing } = tree.parts;
  root.replaceChildren(tree.parts["legend-place"], tree.growth.whole, scroll, element("div", "keys quiet", words.keys), tree.parts["panel-place"], tools, listing);
  root.watcher?.disconnect();
  root.watcher = new ResizeObserver(() => {
    if (!tree.view) return;
    if (tree.view.layout.upright === isNarrow(root)) fit(tree);
    else redraw(tree);
  });
  root.watcher.observe(root);
  tree.growth.set(data.start);
}

// Another text of the same strategies: what was switched off stays off.
function sameStrategies(before, data) {
  return before && JSON.stringify(before.strategies) === JSON.stringify(data.strategies);
}

// The tokens in the order in which they were reached, as far as their strategies are switched on.
export function lineUp(tree) {
  tree.sequence = tree.nodes.filter(tree.seen);
  tree.order = new Map(tree.sequence.map((node, i) => [node.id, i]));
  tree.growth.resize(tree.sequence.length);
}

function grow(tree, count) {
  tree.count = count;
  if (!tree.view) return;
  paint(tree);
  const { scroll } = tree.parts;
  const newest = tree.view.layout.places.get(tree.sequence[count - 1].id);
  if (!newest || tree.view.layout.upright) return;
  if (newest.x < scroll.scrollLeft || newest.x + FOLLOW > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = newest.x - scroll.clientWidth / 2;
}
