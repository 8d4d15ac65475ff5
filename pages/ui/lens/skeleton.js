// The parts of the lens on the page, empty.
import { button, element } from "./dom.js";

export function buildSkeleton(root, words, acts) {
  const overview = canvas("overview", words.overview);
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
  const where = element("div", "where");
  const maps = element("div", "maps");
  const glance = element("div", "glance", element("div", "caption", words.all_heads), overview);
  const large = element("div", "large", where, maps);
  const stage = element("div", "stage", glance, large);
  const keys = element("div", "keys quiet", words.keys);
  root.replaceChildren(sentence, live, stage, panel, table, tools, keys);
  return { sentence, live, stage, glance, large, where, overview, maps, panel, table, tools, tableButton };
}

// A canvas that can be reached and steered by keyboard.
export function canvas(className, title) {
  const made = element("canvas", className);
  made.tabIndex = 0;
  made.setAttribute("role", "application");
  made.setAttribute("aria-label", title);
  return made;
}

// One large map with its caption and legend; three of them when two runs stand side by side.
export function buildMap(title, words) {
  const map = canvas("map", `${title} ${words.large}`.trim());
  const legend = element("canvas", "legend");
  legend.setAttribute("aria-hidden", "true");
  const figure = element("figure", "one", title ? element("figcaption", "", title) : null, map, legend);
  return { figure, map, legend };
}
