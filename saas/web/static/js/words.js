// The sentences of the page's language that scripts show.
const block = document.getElementById("words");
export const words = block ? JSON.parse(block.textContent) : {};

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
