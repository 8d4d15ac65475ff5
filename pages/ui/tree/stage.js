// What is on the page of a tree: drawn anew for new strategies, widths and themes; else only lit and dimmed.
import { fill, percent, shown } from "../lens/text.js";
import { drawTree } from "./figure.js";
import { wireTree } from "./keys.js";
import { makeLegend } from "./legend.js";
import { treeList } from "./list.js";
import { isPruned } from "./marks.js";
import { fillPanel, pathTo } from "./panel.js";
import { lineUp } from "./tree.js";

const NARROW = 600; // pixels; below, the tree hangs down
const SMALLEST = 0.84; // of its own size, before it is scrolled

export const isNarrow = (root) => root.clientWidth > 0 && root.clientWidth < NARROW;

export function redraw(tree) {
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
    lineUp(tree);
    redraw(tree);
    parts["legend-place"].querySelectorAll("button")[strategy].focus();
  };
  const legend = makeLegend(tree, colours, { toggle, point: (strategy) => update(tree, { pointed: strategy }) });
  parts["legend-place"].replaceChildren(...(tree.strategies.length > 1 ? [legend] : []));
  parts.scroll.replaceChildren(tree.view.svg);
  fit(tree);
  tellList(tree);
  paint(tree);
}

export function tellList(tree) {
  tree.parts.listing.hidden = !tree.listed;
  tree.parts.listing.replaceChildren(...(tree.listed ? [treeList(tree, tree.colours)] : []));
}

function update(tree, patch) {
  Object.assign(tree, patch);
  paint(tree);
}

// A tree that is a little too wide is drawn a little smaller; a wide one is scrolled.
export function fit({ view, root }) {
  const wide = root.clientWidth / Number(view.svg.getAttribute("width"));
  Object.assign(view.svg.style, { width: wide < 1 && wide >= SMALLEST && !view.layout.upright ? `${root.clientWidth}px` : "", height: "auto" });
}

// Only what has changed is told anew, or whoever stands in the panel would lose their place.
function tellPanel(tree, node, colours) {
  const place = tree.parts["panel-place"];
  const told = [node.id, tree.seenBy, [...tree.off], colours.dark].join(" ");
  if (place.told === told) return;
  place.told = told;
  fillPanel(place, tree, node, tree.seenBy, colours, (strategy) => {
    update(tree, { seenBy: strategy, looked: null, stood: node });
    place.querySelector(".tabs [aria-pressed=true]")?.focus();
  });
}

// Where the strategies first part: what an untouched panel shows.
const parting = (tree) => tree.nodes.find((node) => tree.view.layout.children.get(node.id)?.length > 1) ?? tree.nodes[0];

// What changes without a new drawing: which tokens are there, which light up, and the panel.
export function paint(tree) {
  const { view, chosen, colours } = tree;
  if (!view) return;
  const present = (node) => node && view.nodes.has(node.id) && tree.isGrown(node);
  const node = [tree.looked, tree.stood, tree.byId.get(chosen), parting(tree)].find(present) ?? tree.nodes[0];
  const lit = new Set([node, ...pathTo(tree, node)].map(({ id }) => id));
  const stop = present(tree.stood) ? tree.stood : present(tree.byId.get(chosen)) ? tree.byId.get(chosen) : tree.nodes[0];
  for (const [id, { group, edge }] of view.nodes) {
    const one = tree.byId.get(id);
    const mine = one.paths.map((path) => tree.paths[path]).filter(({ strategy }) => !tree.off.has(strategy));
    const pruned = isPruned(tree, one);
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
  tellPanel(tree, node, colours);
  Object.assign(tree.root.dataset, { shown: String(node.id), count: String(tree.count), chosen: String(chosen ?? "") });
}
