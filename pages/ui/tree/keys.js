// Pointer and keys on the tree: arrows walk along its edges, Enter chooses, pointing only looks.

// The token that an arrow leads to, or null. A tree that hangs down turns the arrows with it.
export function neighbour(tree, node, key) {
  const { layout, nodes } = tree.view;
  const turned = { ArrowDown: "ArrowRight", ArrowUp: "ArrowLeft", ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };
  const way = layout.upright ? turned[key] : key;
  const there = (one) => nodes.has(one.id) && tree.isGrown(one);
  if (way === "ArrowRight") return layout.children.get(node.id).find(there) ?? null;
  if (way === "ArrowLeft") return node.parent === null ? null : tree.byId.get(node.parent);
  const across = (one) => layout.places.get(one.id)[layout.upright ? "x" : "y"];
  const beside = tree.nodes.filter((one) => there(one) && one.step === node.step);
  const after = beside.filter((one) => (way === "ArrowDown" ? across(one) > across(node) : across(one) < across(node)));
  after.sort((a, b) => (way === "ArrowDown" ? across(a) - across(b) : across(b) - across(a)));
  return after[0] ?? null;
}

export function wireTree(tree, acts) {
  const { nodes, svg: root } = tree.view;
  const nodeOf = (event) => tree.byId.get(Number(event.target.closest?.(".node")?.dataset.id));
  root.addEventListener("pointerover", (event) => event.pointerType === "mouse" && nodeOf(event) && acts.look(nodeOf(event)));
  root.addEventListener("pointerleave", () => acts.look(null));
  root.addEventListener("focusin", (event) => nodeOf(event) && acts.stand(nodeOf(event)));
  root.addEventListener("click", (event) => nodeOf(event) && acts.choose(nodeOf(event)));
  root.addEventListener("keydown", (event) => {
    const node = nodeOf(event);
    if (!node) return;
    if (event.key === "Enter" || event.key === " ") acts.choose(node);
    else if (event.key.startsWith("Arrow")) nodes.get(neighbour(tree, node, event.key)?.id)?.group.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
