// The same numbers as a table, for screen readers and for those who prefer one.
import { chip, element } from "./dom.js";
import { percent } from "./text.js";

const WHOLE = 4096; // up to this many cells the whole head is a table, above it the chosen row

export function fillTable(holder, module, weights, row, words) {
  const whole = module.rows * module.columns <= WHOLE;
  const rows = whole ? module.from.map((_, t) => t) : [Math.max(0, row)];
  const corner = element("th", "", `${words.looks_from} ↓ ${words.looks_at} →`);
  const head = element("tr", "", corner, ...module.at.map((token) => header(token, "col")));
  const body = rows.map((t) => {
    const cells = module.at.map((_, s) => {
      const seen = module.visible[t * module.columns + s];
      return element("td", seen ? "" : "closed", seen ? percent(weights[t * module.columns + s]) : words.closed);
    });
    return element("tr", "", header(module.from[t], "row"), ...cells);
  });
  const table = element("table", "numbers", element("caption", "", words.table_caption), element("thead", "", head), element("tbody", "", ...body));
  holder.replaceChildren(table);
}

function header(token, scope) {
  const made = element("th", "", chip(token));
  made.scope = scope;
  return made;
}
