// Where every token of the tree goes. The likeliest continuation stays on its parent's line, the others branch off
// beside it, so no two edges cross. Left to right; top to bottom where the page is narrow. Nothing is drawn here.

export const CHIP = 24; // height of a chip
const ROW = 52; // from line to line, marks under the chips included
const [BESIDE, TRUNK] = [20, 6]; // room between two steps, and more for each further branch
const DOWN = { under: 42, gap: 16, trunk: 5, foot: 13, beside: 12 }; // top to bottom: under a chip and its marks, ...

// tree.nodes by id, their children likeliest first, as far as `tree.seen(node)` says that they are drawn.
function family(tree) {
  const children = new Map(tree.nodes.map((node) => [node.id, []]));
  for (const node of tree.nodes) if (node.parent !== null && tree.seen(node)) children.get(node.parent).push(node);
  for (const list of children.values()) list.sort((a, b) => b.probability - a.probability);
  return children;
}

// Each line's number, in the order of a walk that follows the likeliest first.
function lines(tree, children) {
  const found = new Map();
  let next = 0;
  const walk = (node, line) => {
    found.set(node.id, line);
    next = Math.max(next, line + 1);
    children.get(node.id).forEach((child, i) => walk(child, i === 0 ? line : next));
  };
  walk(tree.nodes[0], 0);
  return found;
}

const sums = (sizes) => sizes.reduce((starts, size) => [...starts, starts.at(-1) + size], [0]);

// width(node): of its chip and marks. Returns places by id, edges, and the size of the whole.
export function layTree(tree, width, upright) {
  const children = family(tree);
  const line = lines(tree, children);
  const drawn = tree.nodes.filter((node) => line.has(node.id));
  const most = (name, value) => {
    const found = [];
    for (const node of drawn) found[name(node)] = Math.max(found[name(node)] ?? 0, value(node));
    return Array.from(found, (size) => size ?? 0);
  };
  const branches = most((node) => node.step, (node) => Math.max(0, children.get(node.id).length - 1));
  const steps = upright
    ? sums(branches.map((extra) => DOWN.under + DOWN.gap + DOWN.trunk * extra))
    : sums(most((node) => node.step, width).map((wide, step) => wide + BESIDE + TRUNK * branches[step]));
  const across = upright ? sums(most((node) => line.get(node.id), (node) => (node.parent === null ? 0 : width(node) + DOWN.beside))) : null;
  const place = (node) => {
    const [step, beside] = [steps[node.step], upright ? across[line.get(node.id)] : line.get(node.id) * ROW];
    return upright ? { x: beside, y: step } : { x: step, y: beside };
  };
  const places = new Map(drawn.map((node) => [node.id, place(node)]));
  const edges = drawn.flatMap((node) => children.get(node.id).map((child, i) => ({ from: node, to: child, branch: i })));
  const size = upright
    ? { width: Math.max(across.at(-1), width(tree.nodes[0])), height: steps.at(-1) }
    : { width: steps.at(-1), height: (Math.max(...line.values()) + 1) * ROW };
  return { places, edges, children, upright, ...size };
}

// The line of an edge: straight on, or round a corner into the branch's own line.
export function edgeLine({ from, to, branch }, { places, upright }, chipWidth) {
  const [a, b] = [places.get(from.id), places.get(to.id)];
  const point = upright ? (u, v) => `${v} ${u}` : (u, v) => `${u} ${v}`;
  const [u0, v0] = upright ? [a.y + DOWN.under - 1, a.x + DOWN.foot] : [a.x + chipWidth(from), a.y + CHIP / 2];
  const [u1, v1] = upright ? [b.y, b.x + DOWN.foot] : [b.x, b.y + CHIP / 2];
  if (branch === 0) return `M${point(u0, v0)}L${point(u1, v1)}`;
  const turn = u1 - (upright ? DOWN.trunk : TRUNK) * (branch - 1) - (upright ? 8 : 10);
  const r = 7;
  return `M${point(u0, v0)}L${point(turn - r, v0)}Q${point(turn, v0)} ${point(turn, v0 + r)}`
    + `L${point(turn, v1 - r)}Q${point(turn, v1)} ${point(turn + r, v1)}L${point(u1, v1)}`;
}
