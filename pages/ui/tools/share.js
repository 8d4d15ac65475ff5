// What every exporting component needs: a file from a blob, and the link to this view. Also bundled by the lens.

export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// The address of this view on the clipboard; pages served without https have no clipboard interface.
export async function copyLink() {
  const address = window.location.href;
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    const field = document.createElement("textarea");
    field.value = address;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}
