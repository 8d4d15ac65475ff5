// Tokens and numbers as a reader sees them. Tokens are hostile text: they leave here only for textContent and fillText.

const NAMED = { 9: "⇥", 10: "⏎", 13: "⏎", 0x200b: "ZWSP", 0x200c: "ZWNJ", 0x200d: "ZWJ", 0x200e: "LRM", 0x200f: "RLM", 0xfeff: "BOM" };

function standIn(character) {
  const code = character.codePointAt(0);
  if (NAMED[code]) return NAMED[code];
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

// {space, body}: whether the token begins with a space, and the rest with every invisible character made visible.
// A joiner between two emoji stays, so that the family is not torn apart.
export function shown(token) {
  const space = token.startsWith(" ");
  const rest = space ? token.slice(1) : token;
  const body = rest
    .replace(/(?<!\p{Extended_Pictographic}\ufe0f?)\u200d|\u200d(?!\p{Extended_Pictographic})/gu, standIn)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu, standIn);
  return { space, body: body === "" && !space ? "∅" : body };
}

// One line for the canvas: a middle dot for the leading space; long tokens are cut.
export function label(token, most = 14) {
  const { space, body } = shown(token);
  const letters = Array.from(body);
  const cut = letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : body;
  return (space ? "·" : "") + cut;
}

// A weight in two or three digits; never "0.00" for something that is not zero.
export function percent(weight) {
  if (weight === 0) return "0";
  if (weight < 0.001) return "<.001";
  return weight >= 0.1 ? weight.toFixed(2) : weight.toFixed(3);
}

// A signed number in three significant digits, with a real minus sign.
export function short(value) {
  if (value === -Infinity) return "−∞";
  if (!Number.isFinite(value)) return "—";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.001 || size >= 10000) ? value.toExponential(1) : value.toPrecision(3);
  return (Number(text) === 0 ? "0" : text).replaceAll("-", "−");
}

// float32 to the last digit: nine significant digits tell every float32 from its neighbour.
export function exact(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : value === -Infinity ? "−∞" : "—";
}

// "{from} looks at {at}" with its places filled in.
export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}
