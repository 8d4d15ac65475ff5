// One tree for all strategies: what is grown, chosen, pointed at, and switched off. Every stroke comes from figure.js.
import { readColours } from "../lens/colour.js";
import { button, element } from "../lens/dom.js";
import { fill, percent, shown } from "../lens/text.js";
import { saveTreeCsv, saveTreePng, saveTreeSvg } from "./export.js";
import { drawTree } from "./figure.js";
import { makeGrowth } from "./growth.js";
import { wireTree } from "./keys.js";
import { makeLegend } from "./legend.js";
import { treeList } from "./list.js";
import { fillPanel, pathTo } from "./panel.js";

const NARROW = 600; // pixels; below, the tree hangs down
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
  const order = new Map(data.nodes.map((node, i) => [node.id, i]));
  const tree = {
    root, ...data, byId, off: new Set(), looked: null, stood: null, pointed: null, seenBy: null, count: data.nodes.length, listed: false,
    seen: (node) => node.parent === null || node.paths.some((path) => !tree.off.has(tree.paths[path].strategy)),
    isGrown: (node) => order.get(node.id) < tree.count,
    file: data.name.replaceAll(".", "-"),
  };
  root.tree = tree;
  tree.parts = Object.fromEntries(["legend-place", "scroll", "panel-place", "listing"].map((name) => [name, element("div", name)]));
  tree.parts.listing.hidden = true;
  tree.growth = makeGrowth(data.nodes.length, data.words, (count) => grow(tree, count));
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
  root.watcher = new ResizeObserver(() => tree.view && tree.view.layout.upright !== isNarrow(root) && redraw(tree));
  root.watcher.observe(root);
  tree.growth.set(data.start);
}

const isNarrow = (root) => root.clientWidth > 0 && root.clientWidth < NARROW;

function redraw(tree) {
  const { root, colours, parts, words } = tree;
  tree.view = drawTree(tree, colours, isNarrow(root));
  for (const [id, { group }] of tree.view.nodes) {
    const node = tree.byId.get(id);
    const names = [...new Set(node.paths.map((path) => tree.strategies[tree.paths[path].strategy].name))].join(", ");
    const said = node.parent === null ? words.root : words.node;
    group.dataset.id = String(id);
    group.setAttribute("aria-label", fill(said, { token: shown(node.token).body, probability: percent(node.probability), step: node.step, names }));
  }
  wireTree(tree, {
    look: (node) => update(tree, { looked: node }),
    stand: (node) => update(tree, { stood: node }),
    choose: (node) => { tree.tell(node.id); update(tree, { chosen: node.id }); },
  });
  const toggle = (strategy) => {
    if (!tree.off.delete(strategy)) tree.off.add(strategy);
    redraw(tree);
    parts["legend-place"].querySelectorAll("button")[strategy].focus();
  };
  parts["legend-place"].replaceChildren(makeLegend(tree, colours, { toggle, point: (strategy) => update(tree, { pointed: strategy }) }));
  parts.scroll.replaceChildren(tree.view.svg);
  tellList(tree);
  paint(tree);
}

function tellList(tree) {
  tree.parts.listing.hidden = !tree.listed;
  tree.parts.listing.replaceChildren(...(tree.listed ? [treeList(tree, tree.colours)] : []));
}

function update(tree, patch) {
  Object.assign(tree, patch);
  paint(tree);
}

function grow(tree, count) {
  tree.count = count;
  if (!tree.view) return;
  paint(tree);
  const { scroll } = tree.parts;
  const newest = tree.view.layout.places.get(tree.nodes[count - 1].id);
  if (!newest || tree.view.layout.upright) return;
  if (newest.x < scroll.scrollLeft || newest.x + FOLLOW > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = newest.x - scroll.clientWidth / 2;
}

// Where the strategies first part: what an untouched panel shows.
const parting = (tree) => tree.nodes.find((node) => tree.view.layout.children.get(node.id)?.length > 1) ?? tree.nodes[0];

// What changes without a new drawing: which tokens are there, which light up, and the panel.
function paint(tree) {
  const { view, chosen, colours } = tree;
  if (!view) return;
  const present = (node) => node && view.nodes.has(node.id) && tree.isGrown(node);
  const node = [tree.looked, tree.stood, tree.byId.get(chosen), parting(tree)].find(present) ?? tree.nodes[0];
  const lit = new Set([node, ...pathTo(tree, node)].map(({ id }) => id));
  const stop = present(tree.stood) ? tree.stood : present(tree.byId.get(chosen)) ? tree.byId.get(chosen) : tree.nodes[0];
  for (const [id, { group, edge }] of view.nodes) {
    const one = tree.byId.get(id);
    const mine = one.paths.map((path) => tree.paths[path]).filter(({ strategy }) => !tree.off.has(strategy));
    const pruned = one.parent !== null && mine.every(({ dropped }) => dropped !== null);
    const aside = tree.pointed !== null && !mine.some(({ strategy }) => strategy === tree.pointed) && one.parent !== null;
    for (const part of [group, edge].filter(Boolean)) {
      part.setAttribute("opacity", aside ? 0.15 : pruned ? 0.45 : 1);
      part.classList.toggle("unseen", !tree.isGrown(one));
      part.classList.toggle("lit", lit.has(id));
    }
    group.classList.toggle("now", id === node.id);
    group.classList.toggle("chosen", id === chosen);
    group.setAttribute("aria-pressed", String(id === chosen));
    group.setAttribute("tabindex", id === stop.id ? 0 : -1);
  }
  fillPanel(tree.parts["panel-place"], tree, node, tree.seenBy, colours, (strategy) => update(tree, { seenBy: strategy, stood: node }));
  Object.assign(tree.root.dataset, { shown: String(node.id), count: String(tree.count), chosen: String(chosen ?? "") });
}
