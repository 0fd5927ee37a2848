"use strict";
// CSS selectors, as far as plotly.js and d3 use them: names, classes, ids, attributes, :not, children, descendants.

const PART = /([#.]?)((?:[\w-]|[^\x00-\x7f]|\\.)+)|\*|\[\s*([\w:-]+)\s*(?:([~^$*|]?=)\s*(?:"([^"]*)"|'([^']*)'|([^\]\s]*)))?\s*\]|:not\(([^)]*)\)|:(first|last)-child/y;
const parsedSelectors = new Map();

function select(root, selector, single) {
  const wanted = parsed(selector);
  const found = [];
  let node = root.firstChild;
  while (node) {
    if (node.nodeType === 1 && wanted.some((chain) => follows(node, chain, chain.length - 1))) {
      found.push(node);
      if (single) return found;
    }
    node = next(node, root);
  }
  return found;
}

function next(node, root) {
  if (node.firstChild) return node.firstChild;
  while (node !== root && !node.nextSibling) node = node.parentNode;
  return node === root ? null : node.nextSibling;
}

const matching = (element, selector) => parsed(selector).some((chain) => follows(element, chain, chain.length - 1));

// A chain is compound selectors with, from the second on, the combinator before each.
function follows(element, chain, place) {
  const { tests, combinator } = chain[place];
  if (!tests.every((test) => test(element))) return false;
  if (place === 0) return true;
  if (combinator === "+") return element.previousSibling instanceof Element && follows(element.previousSibling, chain, place - 1);
  let parent = element.parentNode;
  if (combinator === ">") return parent instanceof Element && follows(parent, chain, place - 1);
  for (; parent instanceof Element; parent = parent.parentNode) if (follows(parent, chain, place - 1)) return true;
  return false;
}

function parsed(selector) {
  let chains = parsedSelectors.get(selector);
  if (!chains) parsedSelectors.set(selector, (chains = String(selector).split(",").map((part) => chainOf(part.trim()))));
  return chains;
}

function chainOf(text) {
  const chain = [{ tests: [], combinator: "" }];
  let place = 0;
  while (place < text.length) {
    const joint = /\s*([>+])\s*|\s+/y;
    joint.lastIndex = place;
    const joined = joint.exec(text);
    if (joined && joined[0]) {
      chain.push({ tests: [], combinator: joined[1] || " " });
      place = joint.lastIndex;
      continue;
    }
    PART.lastIndex = place;
    const part = PART.exec(text);
    if (!part || !part[0]) throw new Error("unknown selector: " + text);
    chain.at(-1).tests.push(testOf(part));
    place = PART.lastIndex;
  }
  return chain;
}

function testOf([whole, sign, name, attribute, operator, ...rest]) {
  const [double, single, bare, not, edge] = rest;
  if (whole === "*") return () => true;
  if (edge) return (element) => (edge === "first" ? element.previousSibling : element.nextSibling) === null;
  if (not !== undefined) return (element) => !matching(element, not);
  if (attribute) return attributeTest(attribute, operator, double ?? single ?? bare);
  const plain = name.replace(/\\(.)/g, "$1");
  if (sign === ".") return (element) => element._classes.has(plain);
  if (sign === "#") return (element) => element._attributes.get("id") === plain;
  return (element) => element.localName === plain || element.localName === plain.toLowerCase();
}

function attributeTest(name, operator, wanted) {
  if (!operator) return (element) => element.hasAttribute(name);
  const compare = {
    "=": (value) => value === wanted,
    "~=": (value) => value.split(/\s+/).includes(wanted),
    "^=": (value) => value.startsWith(wanted),
    "$=": (value) => value.endsWith(wanted),
    "*=": (value) => value.includes(wanted),
    "|=": (value) => value === wanted || value.startsWith(wanted + "-"),
  }[operator];
  return (element) => element.hasAttribute(name) && compare(element.getAttribute(name));
}
