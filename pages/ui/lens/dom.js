// Elements without innerHTML: whatever a token says, it stays text.
import { shown } from "./text.js";

// element("div", "steps", "text" | element, ...): children may be strings, elements, or null.
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(className, words, act) {
  const made = element("button", className, words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// A token as it looks everywhere in the course: its leading space a thin mark, its direction kept to itself.
export function chip(token, className = "chip") {
  const { space, body } = shown(token);
  const text = element("bdi", "", body);
  return element("span", className, space ? element("span", "space", "·") : null, text);
}

// A sentence such as "{from} looks at {at}" with elements in its places.
export function phrase(sentence, parts) {
  return sentence.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    return name && parts[name] ? parts[name] : document.createTextNode(piece);
  });
}

// A canvas sized for this screen, its context scaled so that one unit is one CSS pixel.
export function sharpen(canvas, width, height) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
