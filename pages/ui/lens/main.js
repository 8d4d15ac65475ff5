// What Streamlit calls, once a mount and again on every rerun and change of theme.
import { makeLens, receive } from "./lens.js";

const lenses = new WeakMap();

export default function mount({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".lens");
  if (!lenses.has(root)) lenses.set(root, makeLens(root));
  const lens = lenses.get(root);
  receive(lens, data, (head) => setStateValue("head", head));
  return () => {
    lens.observer.disconnect();
    lens.link?.stop();
    lenses.delete(root);
  };
}
