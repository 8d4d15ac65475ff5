// The row under a Plotly figure: PNG and SVG from the drawing on the page, CSV from Python, the link to this view.
import { saveSvg, saveSvgAsPng, svg, svgText } from "./files.js";
import { copyLink, save } from "./share.js";

const NOT_DRAWN = ".hoverlayer, .draglayer, .modebar, .infolayer .legend .legendtoggle";

// Plotly stacks several svg elements; together they are the figure.
function figureSvg(key) {
  const plot = document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);
  const layers = plot ? [...plot.querySelectorAll(".main-svg")] : [];
  if (!layers.length) return null;
  const { width, height } = layers[0].getBoundingClientRect();
  const whole = svg("svg", { "xmlns:xlink": "http://www.w3.org/1999/xlink", width, height, viewBox: `0 0 ${width} ${height}` });
  whole.append(svg("rect", { width, height, fill: layers[0].style.background || "none" }));
  for (const layer of layers) whole.append(...layer.cloneNode(true).childNodes);
  for (const left of whole.querySelectorAll(NOT_DRAWN)) left.remove();
  return { text: svgText(whole), width, height };
}

function brieflySay(pressed, text) {
  const before = pressed.dataset.words;
  pressed.textContent = text;
  window.setTimeout(() => { pressed.textContent = before; }, 2000);
}

export default function mount({ parentElement, data }) {
  const row = parentElement.querySelector(".tools");
  const { words, key, name } = data;
  const acts = {
    PNG: async () => {
      const { text, width, height } = figureSvg(key);
      await saveSvgAsPng(`${name}.png`, text, width, height);
    },
    SVG: async () => saveSvg(`${name}.svg`, figureSvg(key).text),
    CSV: async () => save(`${name}.csv`, new Blob([data.csv], { type: "text/csv" })),
    [words.link]: async (pressed) => {
      await copyLink();
      brieflySay(pressed, words.copied);
    },
  };
  const buttons = Object.entries(acts).map(([title, act]) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = title;
    made.dataset.words = title;
    made.addEventListener("click", () => act(made).catch(() => brieflySay(made, words.failed)));
    return made;
  });
  row.replaceChildren(...buttons);
}
