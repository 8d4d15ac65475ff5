// Letting the tree grow: a button, a slider, one token back or on. Whoever asked for less motion grows it by hand.
import { button, element } from "../lens/dom.js";
import { fill } from "../lens/text.js";

const PACE = 200; // ms from token to token
const LONGEST = 16000; // ms for a whole tree

// act(count): so many tokens of the tree are there now. resize(all): so many there are in all.
export function makeGrowth(words, act) {
  let all = 1;
  const slider = Object.assign(element("input", "slide"), { type: "range", min: 1, max: 1, step: 1, value: 1 });
  slider.setAttribute("aria-label", words.step);
  const state = element("span", "quiet count");
  let timer = 0;
  const set = (count) => {
    slider.value = Math.max(1, Math.min(all, count));
    const now = Number(slider.value);
    state.textContent = fill(words.grown, { count: now, all });
    slider.setAttribute("aria-valuetext", state.textContent);
    act(now);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = words.play;
  };
  const step = () => {
    set(Number(slider.value) + 1);
    if (Number(slider.value) >= all) stop();
  };
  const play = button("act play", words.play, () => {
    if (timer) return stop();
    if (Number(slider.value) >= all) set(1);
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return step();
    play.textContent = words.pause;
    timer = setInterval(step, Math.min(PACE, LONGEST / all));
    return undefined;
  });
  const by = (change) => () => {
    stop();
    set(Number(slider.value) + change);
  };
  const [back, on] = [button("move", "‹", by(-1)), button("move", "›", by(1))];
  back.setAttribute("aria-label", words.back);
  on.setAttribute("aria-label", words.on);
  slider.addEventListener("input", by(0));
  const resize = (size) => {
    const full = Number(slider.value) >= all;
    all = size;
    slider.max = size;
    set(full ? size : Number(slider.value));
  };
  return { whole: element("div", "growth", play, back, slider, on, state), set, stop, resize };
}
