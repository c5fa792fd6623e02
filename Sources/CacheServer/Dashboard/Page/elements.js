// Elements. What comes from the server only ever becomes text, never markup.

const byID = (id) => document.getElementById(id);

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** An HTML element: `element("p", { class: "muted", text: name })`; `onclick` and the like take a function. */
const element = (name, attributes = {}, ...children) => build(document.createElement(name), attributes, children);

/** An SVG element. */
const drawing = (name, attributes = {}, ...children) =>
  build(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

/** Writes text where it differs, so that a screen reader does not read the same again with each refresh. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Shows text in an element, or hides it when there is none. */
function say(node, text) {
  write(node, text ?? "");
  node.hidden = !text;
}

const nothing = (text) => element("p", { class: "empty", text });

/** The element that stands for an entry id: its beginning, and all of it on demand. */
const entryID = (id) => element("code", { title: id, text: `${id.slice(0, 8)}…` });

/** A time as the reader's clock shows it, with the exact one in UTC as its title. */
function moment(text) {
  const date = new Date(text);
  const isToday = date.toDateString() === new Date().toDateString();
  return element("time", {
    datetime: text,
    title: text,
    text: isToday ? format.clock(date) : format.dayAndClock(date),
  });
}
