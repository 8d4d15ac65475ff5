// The four settings as sliders; each knows the values that it offers, what they are called, and which one cuts nothing.
import { element } from "../lens/dom.js";
import { fill } from "../lens/text.js";

const span = (low, high, step) => Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => Number((low + i * step).toFixed(2)));

// Every k up to 20, then in steps that grow; the last place is "all", written 0.
function ks(size) {
  const found = span(1, Math.min(20, size - 1), 1);
  for (let ten = 10; ten < size; ten *= 10) {
    for (const times of [2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20]) if (times * ten > 20 && times * ten < size) found.push(Math.round(times * ten));
  }
  return [...new Set(found)].sort((a, b) => a - b).concat(0);
}

export const STANDARD = { temperature: 1, k: 0, p: 1, share: 0 };

export function offered(size) {
  return { temperature: span(0.1, 3, 0.05), k: ks(size), p: span(0.05, 1, 0.01), share: span(0, 0.5, 0.01) };
}

// "0.8_40_0.9_0", as it stands in the link. Anything else is null.
export function readSettings(text) {
  const numbers = /^[\d.]+(_[\d.]+){3}$/.test(text ?? "") ? text.split("_").map(Number) : [];
  const [temperature, k, p, share] = numbers;
  const known = temperature >= 0.1 && temperature <= 3 && Number.isInteger(k) && p >= 0.05 && p <= 1 && share >= 0 && share <= 0.5;
  return known ? { temperature, k, p, share } : null;
}

export const writeSettings = ({ temperature, k, p, share }) => [temperature, k, p, share].join("_");

// What the settings are called, and what one of them says.
export const settingNames = (words) => ({ temperature: words.temperature, k: words.top_k, p: words.top_p, share: words.min_p });
export const settingText = (settings, name, words) => (name === "k" && settings.k === 0 ? words.all : String(settings[name]));

// act(settings, done): while a slider moves, and with done once it is let go.
export function makeSliders(size, words, act) {
  const values = offered(size);
  const settings = { ...STANDARD };
  const titles = settingNames(words);
  const hints = { temperature: words.temperature_hint, k: words.top_k_hint, p: words.top_p_hint, share: words.min_p_hint };
  const parts = Object.keys(titles).map((name) => oneSlider(name, titles[name], hints[name], values[name], (place, done) => {
    settings[name] = values[name][place];
    tell(name);
    act({ ...settings }, done);
  }));
  const tell = (name) => {
    const { input, output, whole } = parts.find((part) => part.name === name);
    output.textContent = settingText(settings, name, words);
    whole.classList.toggle("idle", settings[name] === STANDARD[name]);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  const set = (wanted) => {
    for (const { name, input } of parts) {
      const place = nearest(values[name], wanted[name], name === "k" ? size : null);
      settings[name] = values[name][place];
      input.value = place;
      tell(name);
    }
    return { ...settings };
  };
  return { whole: element("div", "sliders", ...parts.map((part) => part.whole)), set };
}

// Where a number stands among those offered; a k of 0 is as good as the whole vocabulary.
function nearest(values, wanted, size) {
  const real = (value) => (size !== null && value === 0 ? size : value);
  return values.reduce((best, value, place) => (Math.abs(real(value) - real(wanted)) < Math.abs(real(values[best]) - real(wanted)) ? place : best), 0);
}

function oneSlider(name, title, hint, values, moved) {
  const input = Object.assign(element("input", "slide"), { type: "range", min: 0, max: values.length - 1, step: 1 });
  const output = element("output", "value");
  const label = element("label", "setting", element("span", "title", title), output, input);
  const note = element("div", "hint quiet", hint);
  input.addEventListener("input", () => moved(Number(input.value), false));
  input.addEventListener("change", () => moved(Number(input.value), true));
  input.setAttribute("aria-label", fill("{title}: {hint}", { title, hint }));
  return { name, input, output, whole: element("div", `control ${name}`, label, note) };
}
