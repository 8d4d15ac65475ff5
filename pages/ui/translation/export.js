// A translation as files: SVG and PNG of the step that is shown, CSV of all its steps with their exact weights.
import { exact } from "../lens/text.js";
import { quote, saveCsv, saveSvg, saveSvgAsPng, svgText } from "../tools/files.js";
import { drawTranslation } from "./drawing.js";

const COARSE = 3; // digits after the point that steps of 1/255 are worth

const fileOf = ({ found }, ending) => `${found.header.name.replaceAll(".", "-")}.${ending}`;
const nameOfHead = ({ head }) => head.selectedOptions[0].textContent;

export const saveTranslationSvg = (shown) => saveSvg(fileOf(shown, "svg"), svgText(drawTranslation(shown, nameOfHead(shown))));

export function saveTranslationPng(shown) {
  const whole = drawTranslation(shown, nameOfHead(shown));
  return saveSvgAsPng(fileOf(shown, "png"), svgText(whole), ...["width", "height"].map((name) => Number(whole.getAttribute(name))));
}

// Which head, an empty line, then a row for each token that was written: its weights over the source, its likeliest.
function stepRows({ root, found, ...rest }) {
  const { words, source, tokens, likeliest } = found.header;
  const written = found.coarse ? (weight) => weight.toFixed(COARSE) : exact;
  const most = Math.max(...likeliest.map((row) => row.length));
  const places = Array.from({ length: most }, (_, i) => [`${words.likely} ${i + 1}`, words.probability]).flat();
  const table = tokens.map((token, n) => [
    n + 1, quote(token), ...found.row(root.state.pick, n).map(written),
    ...likeliest[n].flatMap(([one, probability]) => [quote(one), exact(probability)]),
  ]);
  const noted = found.coarse ? [[quote(words.coarse)]] : [];
  const head = ["", words.written, ...source, ...places].map(quote);
  return [[words.heads, nameOfHead(rest)].map(quote), ...noted, [], head, ...table];
}

export const saveTranslationCsv = (shown) => saveCsv(fileOf(shown, "csv"), stepRows(shown));
