// The parts of the lens on the page, empty.
import { button, element } from "./dom.js";

export function buildSkeleton(root, words, acts) {
  const live = element("div", "readout");
  live.setAttribute("aria-live", "polite");
  const panel = element("section", "panel");
  panel.hidden = true;
  const table = element("div", "table scroll");
  table.hidden = true;
  table.tabIndex = 0;
  table.setAttribute("role", "region");
  table.setAttribute("aria-label", words.as_table);
  const tableButton = button("tool", words.as_table, acts.table);
  tableButton.setAttribute("aria-expanded", "false");
  const tools = element(
    "div", "tools",
    button("tool", "PNG", acts.png), button("tool", "SVG", acts.svg), button("tool", "CSV", acts.csv),
    button("tool", words.link, acts.link), tableButton,
  );
  const sentence = element("div", "sentence");
  const [views, next] = [element("div", "views"), element("div", "expected")];
  const stage = element("div", "stage", views, next);
  const keys = element("div", "keys quiet", words.keys);
  root.replaceChildren(sentence, live, stage, panel, tools, table, keys);
  return { sentence, live, views, next, panel, table, tools, tableButton };
}

// All heads and one head large, with captions and legend; three such views when two runs stand side by side.
export function buildView(title, words) {
  const overview = canvas("overview", `${title} ${words.overview}`.trim());
  const map = canvas("map", `${title} ${words.large}`.trim());
  const legend = element("canvas", "legend");
  legend.setAttribute("aria-hidden", "true");
  const where = element("div", "where");
  const glance = element("div", "glance", element("div", "caption", words.all_heads), overview);
  const large = element("div", "large", where, map, legend);
  const figure = element("figure", "view", title ? element("figcaption", "", title) : null, glance, large);
  return { figure, overview, map, legend, where };
}

// A canvas that can be reached and steered by keyboard.
function canvas(className, title) {
  const made = element("canvas", className);
  made.tabIndex = 0;
  made.setAttribute("role", "application");
  made.setAttribute("aria-label", title);
  return made;
}
