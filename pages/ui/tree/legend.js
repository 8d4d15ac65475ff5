// Which strategies there are: each a button that takes its paths out of the tree or puts them back.
import { button, element } from "../lens/dom.js";
import { markIcon } from "./marks.js";

export function makeLegend(tree, colours, acts) {
  const list = element("div", "legend-list");
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", tree.words.strategies);
  tree.strategies.forEach(({ name }, strategy) => {
    const made = button("entry", markIcon(strategy, colours), () => acts.toggle(strategy));
    made.append(element("bdi", "", name));
    made.setAttribute("aria-pressed", String(!tree.off.has(strategy)));
    made.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && acts.point(strategy));
    made.addEventListener("pointerleave", () => acts.point(null));
    list.append(made);
  });
  return list;
}
