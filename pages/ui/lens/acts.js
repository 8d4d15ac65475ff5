// What the buttons under the lens do.
import { csvOf, savePng, saveSvg } from "./exports.js";
import { drawMap } from "./map.js";
import { weightStep } from "./colour.js";
import { fill } from "./text.js";
import { copyLink, save } from "../tools/share.js";
import { bringExact } from "./lens.js";

export function makeActs(lens) {
  const file = (ending) => `${lens.header.name.replaceAll(".", "-")}-${lens.module().layer}-${lens.state.head}.${ending}`;
  const title = () => `${lens.header.model} · ${fill(lens.words.where, { layer: lens.module().layer, head: lens.state.head })}`;
  const csv = () => save(file("csv"), new Blob([csvOf(lens.module(), lens.weights())], { type: "text/csv" }));
  return {
    png: () => {
      const view = { row: -1, column: -1, step: weightStep, axes: lens.axes };
      const draw = (context) => drawMap(context, lens.place, lens.module(), lens.weights(), view, lens.colours);
      savePng(file("png"), lens.place, title(), lens.colours, draw);
    },
    svg: () => saveSvg(file("svg"), lens.place, title(), lens.module(), lens.weights(), lens.colours),
    csv: () => bringExact(lens, csv),
    link: async (event) => {
      const pressed = event.currentTarget;
      await copyLink();
      pressed.textContent = lens.words.copied;
      window.setTimeout(() => { pressed.textContent = lens.words.link; }, 2000);
    },
    table: () => {
      lens.update({ table: !lens.state.table });
      lens.dom.tableButton.setAttribute("aria-expanded", String(lens.state.table));
    },
  };
}
