// What one token of the tree is, in numbers, and what could have come after it, as each strategy saw it.
import { axisEnd, fillPair, headPair, makePair, tokenChip } from "../sampler/pairs.js";
import { button, element } from "../lens/dom.js";
import { exact, fill, label, percent, short } from "../lens/text.js";
import { markIcon } from "./marks.js";

const share = (mass) => `${mass === 0 ? "0" : mass < 0.0005 ? "<0.1" : (100 * mass).toFixed(1)}\u2009%`;

// Tokens from the prompt to a node, in order.
export function pathTo(tree, node) {
  const found = [];
  for (let at = node; at && at.parent !== null; at = tree.byId.get(at.parent)) found.unshift(at);
  return found;
}

// see(strategy): the learner asks for another strategy's chances.
export function fillPanel(holder, tree, node, seen, colours, see) {
  const facts = element("div", "about", heading(tree, node), factList(tree, node, colours));
  const choices = element("div", "choices", ...choicesOf(tree, node, seen, colours, see));
  holder.replaceChildren(facts, choices);
}

function heading(tree, node) {
  const before = element("span", "quiet", ...pathTo(tree, node).slice(0, -1).slice(-6).flatMap((one) => [tokenChip(one.token), " "]));
  const name = node.parent === null ? element("bdi", "prompt", node.token) : tokenChip(node.token);
  if (node.parent !== null) name.classList.add("this");
  return element("div", "so-far", before, name);
}

function factList(tree, node, colours) {
  const { words } = tree;
  const rows = [];
  const add = (name, value, title = null) => {
    const shown = element("dd", "", value);
    if (title !== null) shown.title = title;
    rows.push(element("dt", "quiet", name), shown);
  };
  if (node.parent !== null) add(words.probability, percent(node.probability), exact(node.probability));
  if (node.truth !== null) add(words.truth, percent(node.truth), exact(node.truth));
  if (node.parent !== null) add(words.log_probability, short(node.log_probability), exact(node.log_probability));
  const score = node.paths.map((path) => tree.paths[path]).find((path) => path.last === node.id && path.score !== null)?.score ?? null;
  if (score !== null) add(words.score, short(score), exact(score));
  for (const strategy of strategiesAt(tree, node, (path) => path in node.cut)) {
    const cut = node.cut[node.paths.find((path) => tree.paths[path].strategy === strategy && path in node.cut)];
    const bar = element("i", "kept");
    bar.style.width = `${100 * (1 - cut)}%`;
    const name = element("span", "whose", markIcon(strategy, colours), element("bdi", "", tree.strategies[strategy].name));
    add(element("span", "", name, " ", words.cut), element("span", "cut-away", element("span", "mass", bar), element("span", "number", share(cut))), exact(cut));
  }
  const dropped = droppedAt(tree, node);
  if (node.end) add(words.end, "■");
  if (dropped !== null) add(words.pruned, fill(words.at_step, { step: dropped }));
  return element("dl", "facts", ...rows);
}

const droppedAt = (tree, node) => {
  const mine = node.paths.map((path) => tree.paths[path]);
  return mine.every(({ dropped }) => dropped !== null) && mine.length ? Math.max(...mine.map(({ dropped }) => dropped)) : null;
};

// The strategies, as far as they are switched on, with a path through this node of which something holds.
function strategiesAt(tree, node, holds) {
  const found = node.paths.filter((path) => !tree.off.has(tree.paths[path].strategy) && holds(path)).map((path) => tree.paths[path].strategy);
  return [...new Set(found)].sort((a, b) => a - b);
}

function choicesOf(tree, node, seen, colours, see) {
  const { words } = tree;
  const choices = tree.choices[node.id] ?? [];
  if (choices.length === 0) return [];
  const offered = strategiesAt(tree, node, (path) => choices.some(({ chances }) => path in chances));
  const chosen = offered.includes(seen) ? seen : offered[0] ?? null;
  const path = node.paths.find((one) => tree.paths[one].strategy === chosen && choices.some(({ chances }) => one in chances));
  const going = path !== undefined; // or nothing goes on from here: only the model's own is known
  const chance = (choice) => (going ? choice.chances[path] ?? 0 : 0);
  const truth = choices.some((choice) => choice.truth !== null);
  const numbers = ["before", ...(going ? ["after"] : []), ...(truth ? ["truth"] : [])];
  const titles = { before: words.before, after: words.after, truth: words.truth };
  const head = headPair({ token: words.token, probability: words.probability, numbers: numbers.map((name) => [name, titles[name]]) });
  const end = axisEnd(choices.flatMap((choice) => [choice.probability, chance(choice), choice.truth]));
  head.querySelector(".high").textContent = String(end);
  const pairs = choices.map((choice, i) => {
    const pair = makePair(tokenChip(choice.token), numbers);
    pair.rank.textContent = String(i + 1);
    fillPair(pair, { before: choice.probability, after: chance(choice), cut: going && chance(choice) === 0, truth: choice.truth, drawn: null, reach: null }, end);
    pair.row.classList.toggle("taken", tree.nodes.some((one) => one.parent === node.id && one.token_id === choice.token_id && tree.seen(one)));
    return pair.row;
  });
  const table = element("div", ["pairs", truth && "with-truth", going || "alone"].filter(Boolean).join(" "), head, ...pairs);
  table.setAttribute("role", "table");
  table.setAttribute("aria-label", words.choices);
  return [element("div", "caption", words.choices), tabs(tree, offered, chosen, colours, see), table];
}

function tabs(tree, offered, chosen, colours, see) {
  const made = offered.map((strategy) => {
    const tab = button("entry small", markIcon(strategy, colours), () => see(strategy));
    tab.append(element("bdi", "", label(tree.strategies[strategy].name, 24)));
    tab.setAttribute("aria-pressed", String(strategy === chosen));
    return tab;
  });
  const list = element("div", "tabs", ...(made.length > 1 ? made : []));
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", tree.words.as_seen_by);
  return list;
}
