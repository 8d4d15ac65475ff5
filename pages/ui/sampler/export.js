// The rows as files: SVG and PNG of the bars as they are, CSV of the exact numbers with the settings that made them.
import { exact, fill } from "../lens/text.js";
import { quote, saveCsv, saveSvg, saveSvgAsPng, svgText } from "../tools/files.js";
import { drawBars } from "./drawing.js";
import { linesOf } from "./rows.js";
import { settingNames, settingText } from "./sliders.js";

const file = ({ data }, ending) => `${data.name.replaceAll(".", "-")}.${ending}`;

export const saveBarsSvg = (sampler) => saveSvg(file(sampler, "svg"), svgText(drawBars(sampler)));

export function saveBarsPng(sampler) {
  const whole = drawBars(sampler);
  return saveSvgAsPng(file(sampler, "png"), svgText(whole), ...["width", "height"].map((name) => Number(whole.getAttribute(name))));
}

// What was set, an empty line, then a row for each row of the page.
function barRows(sampler) {
  const { words, truth, draws, seed, root } = sampler;
  const set = Object.entries(settingNames(words)).map(([name, title]) => [title, settingText(root.settings, name, words)]);
  const drawn = draws ? [[words.draws, draws], [words.seed, seed]] : [];
  const columns = [
    [words.token, (line) => quote(tokenText(sampler, line))],
    ["id", ({ id }) => id ?? ""],
    [words.probability_of_model, ({ before }) => exact(before)],
    [words.chance_of_drawing, ({ after }) => exact(after)],
    ...(truth ? [[words.truth, (line) => exact(line.truth)]] : []),
    ...(draws ? [[words.times, ({ count }) => count], [words.times_expected, ({ mean }) => exact(mean)], [words.spread, ({ spread }) => exact(spread)]] : []),
  ];
  const table = linesOf(sampler).lines.map((line) => columns.map(([, cellOf]) => cellOf(line)));
  return [...[...set, ...drawn].map((row) => row.map((text) => quote(String(text)))), [], columns.map(([title]) => quote(title)), ...table];
}

function tokenText({ names, words }, { id, others }) {
  if (id === null) return fill(words.others, { count: others });
  return names.get(id) ?? fill(words.unnamed, { id });
}

export const saveBarsCsv = (sampler) => saveCsv(file(sampler, "csv"), barRows(sampler));
