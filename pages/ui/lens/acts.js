// What the buttons under the lens do.
import { changeStep } from "./colour.js";
import { saveMapsCsv, saveMapsPng, saveMapsSvg } from "./exports.js";
import { bringExact } from "./lens.js";
import { drawMap } from "./map.js";
import { fill } from "./text.js";
import { copyLink } from "../tools/share.js";

export function makeActs(lens) {
  const file = (ending) => `${lens.header.name.replaceAll(".", "-")}-${lens.module().layer}-${lens.state.head}.${ending}`;
  const title = () => `${lens.header.model} · ${fill(lens.words.where, { layer: lens.module().layer, head: lens.state.head })}`;
  const shown = () => lens.views.map(({ title: name, step }, side) => {
    const table = step === changeStep ? lens.colours.change : lens.colours.weights;
    return { title: name, module: lens.module(side), values: lens.weights(side), step, table };
  });
  const draw = (context, { module, values, step }) => {
    drawMap(context, lens.place, module, values, { row: -1, column: -1, step, axes: lens.axes }, lens.colours);
  };
  return {
    png: () => saveMapsPng(file("png"), lens.place, title(), shown(), lens.colours, draw),
    svg: () => saveMapsSvg(file("svg"), lens.place, title(), shown(), lens.colours),
    csv: () => bringExact(lens, () => saveMapsCsv(file("csv"), shown())),
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
