// The same tree as a nested list: a stretch without branches is one item, its branches are the list under it.
import { chip, element } from "../lens/dom.js";
import { percent, short } from "../lens/text.js";
import { markIcon, passing } from "./marks.js";

export function treeList(tree, colours) {
  const children = new Map(tree.nodes.map((node) => [node.id, []]));
  for (const node of tree.nodes) if (node.parent !== null && tree.seen(node)) children.get(node.parent).push(node);
  for (const list of children.values()) list.sort((a, b) => b.probability - a.probability);
  const item = (start) => {
    const stretch = [start];
    while (children.get(stretch.at(-1).id).length === 1) stretch.push(children.get(stretch.at(-1).id)[0]);
    const last = stretch.at(-1);
    const under = children.get(last.id).map(item);
    return element("li", "", ...stretch.flatMap(words), ending(last, under), under.length ? element("ul", "", ...under) : null);
  };
  const words = (node) => [node.parent === null ? element("bdi", "prompt", node.token) : chip(node.token), element("span", "quiet", node.parent === null ? " " : ` ${percent(node.probability)} `)];
  const ending = (node, under) => {
    if (under.length) return null;
    const marks = passing(tree, node).flatMap(({ strategy }) => [" ", markIcon(strategy, colours), element("bdi", "", tree.strategies[strategy].name)]);
    const pruned = node.paths.every((path) => tree.paths[path].dropped !== null);
    return element("span", "", ...marks, ` · ${tree.words.log_probability} ${short(node.log_probability)}`, pruned ? ` · ${tree.words.pruned}` : null);
  };
  return element("ul", "nested", item(tree.nodes[0]));
}
