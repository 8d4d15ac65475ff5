// A frame of its own origin: its scripts run, but reach neither this page nor the network.
export default function mount({ parentElement, data }) {
  const holder = parentElement.querySelector(".bertviz");
  const frame = holder.firstElementChild ?? document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = data.title;
  frame.style.cssText = `border: 0; width: 100%; height: ${data.height}px`;
  if (frame.srcdoc !== data.html) frame.srcdoc = data.html;
  if (!frame.isConnected) holder.append(frame);
}
