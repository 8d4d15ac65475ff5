// A cell opened into its arithmetic: from the components of q and k to the weight, each step with its own numbers.
import { changeStep, css, readable, weightStep } from "./colour.js";
import { button, chip, element, phrase } from "./dom.js";
import { exact, fill, short } from "./text.js";

// cell: what openCell returned, or null while Python is asked for this head.
export function fillPanel(panel, cell, module, state, words, colours, close) {
  const at = (name) => chip(module[name === "from" ? "from" : "at"][name === "from" ? state.row : state.column]);
  const title = element("h4", "title", ...phrase(words.panel_title, { from: at("from"), at: at("at") }));
  const where = element("span", "quiet", state.where);
  const cross = button("close", "×", close);
  cross.setAttribute("aria-label", words.close);
  panel.replaceChildren(element("div", "panel-head", title, where, cross));
  if (!cell) {
    panel.append(element("p", "quiet", words.waiting));
    return;
  }
  const steps = [products(cell, at, words, colours), scaled(cell, module, words)];
  if (cell.rest !== 0) steps.push(step(words.step_rest, equation(`${short(cell.scaled)} + ${short(cell.rest)}`, cell.score)));
  steps.push(mask(cell, words));
  if (cell.visible) steps.push(softmax(cell, module, state, words, colours), verdict(cell, words));
  panel.append(element("ol", "steps", ...steps.map((content) => element("li", "", ...content))));
}

function step(title, ...content) {
  return [element("div", "step-title", title), ...content];
}

function number(value, className = "") {
  const made = element("span", `number ${className}`, short(value));
  made.title = exact(value);
  return made;
}

function equation(left, right) {
  return element("div", "equation", `${left} = `, number(right, "result"));
}

function tinted(value, reach, colours) {
  const made = element("td", "", short(value));
  const level = changeStep(reach ? value / reach : 0);
  made.style.backgroundColor = css(colours.change, level);
  made.style.color = readable(colours.change, level, colours);
  made.title = exact(value);
  return made;
}

function products(cell, at, words, colours) {
  const reach = (values) => Math.max(...values.map(Math.abs));
  const both = Math.max(reach(cell.query), reach(cell.key));
  const row = (name, values, most) => {
    const head = element("th", "", ...name);
    head.scope = "row";
    return element("tr", "", head, ...values.map((value) => tinted(value, most, colours)));
  };
  const table = element(
    "table", "vectors",
    row([element("i", "", "q"), " ", at("from")], cell.query, both),
    row([element("i", "", "k"), " ", at("at")], cell.key, both),
    row([element("i", "", "q × k")], cell.products, reach(cell.products)),
  );
  const scroll = scroller(table, words.step_products);
  return step(words.step_products, scroll, equation(fill(words.sum, { count: cell.products.length }), cell.dot));
}

function scaled(cell, module, words) {
  const plain = Math.abs(cell.scaling * Math.sqrt(module.width) - 1) < 1e-6;
  const title = plain ? fill(words.step_scale, { width: module.width }) : words.step_scale_other;
  const left = plain ? `${short(cell.dot)} ÷ √${module.width}` : `${short(cell.dot)} × ${short(cell.scaling)}`;
  return step(title, equation(left, cell.scaled));
}

function mask(cell, words) {
  return cell.visible ? step(words.step_mask_open) : step(words.step_mask_closed, equation("softmax(−∞)", cell.drawn));
}

function softmax(cell, module, state, words, colours) {
  const columns = module.at.map((token, s) => ({ token, s })).filter(({ s }) => cell.scores[s] !== -Infinity);
  const row = (name, make) => {
    const head = element("th", "", ...name);
    head.scope = "row";
    const cells = columns.map((column) => {
      const made = make(column);
      made.classList.toggle("chosen", column.s === state.column);
      return made;
    });
    return element("tr", "", head, ...cells);
  };
  const share = ({ s }) => {
    const made = element("td", "", short(cell.exps[s] / cell.denominator));
    const level = weightStep(cell.exps[s] / cell.denominator);
    made.style.backgroundColor = css(colours.weights, level);
    made.style.color = readable(colours.weights, level, colours);
    return made;
  };
  const power = cell.shift ? [element("i", "", "e"), element("sup", "", `s−${short(cell.shift)}`)] : [element("i", "", "e"), element("sup", "", "s")];
  const table = element(
    "table", "vectors",
    row([words.token], ({ token }) => element("td", "name", chip(token))),
    row([words.score, " ", element("i", "", "s")], ({ s }) => titled(cell.scores[s])),
    row(power, ({ s }) => titled(cell.exps[s])),
    row([words.weight], share),
  );
  return step(words.step_softmax, scroller(table, words.step_softmax), equation(words.denominator, cell.denominator));
}

function titled(value) {
  const made = element("td", "", short(value));
  made.title = exact(value);
  return made;
}

function scroller(table, title) {
  const made = element("div", "scroll", table);
  made.tabIndex = 0;
  made.setAttribute("role", "region");
  made.setAttribute("aria-label", title);
  return made;
}

function verdict(cell, words) {
  const power = short(cell.score - cell.shift);
  const left = element("div", "equation");
  left.append(element("i", "", "e"), element("sup", "", power), ` ÷ ${short(cell.denominator)} = `, number(cell.weight, "result"));
  const facts = { recomputed: exact(cell.weight), drawn: exact(cell.drawn), difference: short(cell.difference) };
  return step(words.step_weight, left, element("div", "quiet", fill(words.agree, facts)));
}
