"use strict";
// The part of the DOM that plotly.js draws with. Nodes are a linked list, because d3 asks for siblings of 50,000 points.

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";
const PREFIXES = { "http://www.w3.org/1999/xlink": "xlink:", "http://www.w3.org/XML/1998/namespace": "xml:" };

class EventTarget {
  addEventListener() {}
  removeEventListener() {}
  dispatchEvent() { return true; }
}

class Node extends EventTarget {
  parentNode = null;
  previousSibling = null;
  nextSibling = null;
  firstChild = null;
  lastChild = null;

  get ownerDocument() { return document; }
  get parentElement() { return this.parentNode instanceof Element ? this.parentNode : null; }
  get childNodes() {
    const found = [];
    for (let child = this.firstChild; child; child = child.nextSibling) found.push(child);
    return found;
  }
  get isConnected() {
    let node = this;
    while (node.parentNode) node = node.parentNode;
    return node === document;
  }

  hasChildNodes() { return this.firstChild !== null; }
  appendChild(child) { return this.insertBefore(child, null); }
  append(...children) { for (const child of children) this.appendChild(asNode(child)); }

  insertBefore(child, next) {
    if (child === next) return child;
    child.remove();
    const previous = next ? next.previousSibling : this.lastChild;
    child.parentNode = this;
    child.previousSibling = previous;
    child.nextSibling = next || null;
    if (previous) previous.nextSibling = child; else this.firstChild = child;
    if (next) next.previousSibling = child; else this.lastChild = child;
    return child;
  }

  removeChild(child) {
    if (child.parentNode !== this) throw new Error("NotFoundError");
    const { previousSibling, nextSibling } = child;
    if (previousSibling) previousSibling.nextSibling = nextSibling; else this.firstChild = nextSibling;
    if (nextSibling) nextSibling.previousSibling = previousSibling; else this.lastChild = previousSibling;
    child.parentNode = child.previousSibling = child.nextSibling = null;
    return child;
  }

  replaceChild(child, old) {
    this.insertBefore(child, old);
    return this.removeChild(old);
  }

  remove() { if (this.parentNode) this.parentNode.removeChild(this); }

  contains(node) {
    while (node && node !== this) node = node.parentNode;
    return node === this;
  }

  cloneNode(deep) {
    const copy = this._copy();
    if (deep) for (let child = this.firstChild; child; child = child.nextSibling) copy.appendChild(child.cloneNode(true));
    return copy;
  }

  get textContent() {
    let text = "";
    for (let child = this.firstChild; child; child = child.nextSibling) text += child.textContent;
    return text;
  }

  set textContent(text) {
    while (this.firstChild) this.removeChild(this.firstChild);
    if (text !== null && text !== undefined && text !== "") this.appendChild(new Text(String(text)));
  }

  querySelector(selector) { return select(this, selector, true)[0] || null; }
  querySelectorAll(selector) { return select(this, selector, false); }
  getElementsByTagName(name) { return select(this, name, false); }
  getElementsByClassName(name) { return select(this, "." + name, false); }
}

const asNode = (value) => (value instanceof Node ? value : new Text(String(value)));

class Text extends Node {
  nodeType = 3;
  nodeName = "#text";

  constructor(data) {
    super();
    this.data = data;
  }

  get textContent() { return this.data; }
  set textContent(text) { this.data = String(text); }
  get nodeValue() { return this.data; }
  set nodeValue(text) { this.data = String(text); }
  _copy() { return new Text(this.data); }
}

// Only what is asked for by name is a property; others go through setProperty.
class Style {
  constructor() { this._values = new Map(); }

  setProperty(name, value) {
    const text = value === null || value === undefined ? "" : String(value);
    if (text.includes("NaN") || text === "undefined") return;
    if (text === "") this._values.delete(name); else this._values.set(name, text);
  }

  getPropertyValue(name) { return this._values.get(name) || ""; }
  getPropertyPriority() { return ""; }

  removeProperty(name) {
    const old = this.getPropertyValue(name);
    this._values.delete(name);
    return old;
  }

  get cssText() {
    let text = "";
    for (const [name, value] of this._values) text += (text && " ") + name + ": " + value + ";";
    return text;
  }

  set cssText(text) {
    this._values.clear();
    for (const [, name, value] of String(text).matchAll(/([\w-]+)\s*:\s*((?:url\([^)]*\)|[^;])*)/g)) {
      this.setProperty(name.toLowerCase(), value.trim());
    }
  }
}

const PROPERTIES = (
  "background background-color border bottom clip-path color cursor display direction dominant-baseline fill " +
  "fill-opacity font font-family font-size font-style font-variant font-weight height image-rendering left " +
  "letter-spacing line-height margin margin-bottom margin-left margin-right margin-top max-height max-width " +
  "mix-blend-mode opacity overflow overflow-x overflow-y padding padding-bottom padding-left padding-right " +
  "padding-top paint-order pointer-events position right shape-rendering stroke stroke-dasharray stroke-opacity " +
  "stroke-width text-align text-anchor text-decoration text-rendering text-shadow text-transform top transform " +
  "user-select vector-effect vertical-align visibility white-space width will-change z-index"
).split(" ");
for (const name of PROPERTIES) {
  const property = {
    get() { return this.getPropertyValue(name); },
    set(value) { this.setProperty(name, value); },
  };
  Object.defineProperty(Style.prototype, name, property);
  Object.defineProperty(Style.prototype, name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()), property);
}

class ClassList {
  constructor(element) { this._element = element; }
  contains(name) { return this._element._classes.has(name); }
  add(...names) { this._change((classes) => names.forEach((name) => classes.add(name))); }
  remove(...names) { this._change((classes) => names.forEach((name) => classes.delete(name))); }
  toggle(name, on = !this.contains(name)) { if (on) this.add(name); else this.remove(name); return on; }
  _change(how) {
    const classes = new Set(this._element._classes);
    how(classes);
    this._element.setAttribute("class", [...classes].join(" "));
  }
}

const NO_CLASSES = new Set();

class Element extends Node {
  nodeType = 1;
  _attributes = new Map();
  _classes = NO_CLASSES;
  _style = null;

  constructor(name, namespace) {
    super();
    this.localName = name;
    this.namespaceURI = namespace;
  }

  get tagName() { return this.namespaceURI === HTML ? this.localName.toUpperCase() : this.localName; }
  get nodeName() { return this.tagName; }
  get style() { return (this._style ||= new Style()); }
  set style(text) { this.style.cssText = text; }
  get classList() { return new ClassList(this); }
  get className() { return this.getAttribute("class") || ""; }
  set className(text) { this.setAttribute("class", text); }
  get id() { return this.getAttribute("id") || ""; }
  set id(text) { this.setAttribute("id", text); }
  get children() { return this.childNodes.filter((child) => child instanceof Element); }
  get firstElementChild() { return this.children[0] || null; }
  get attributes() { return [...this._attributes].map(([name, value]) => ({ name, value })); }
  get innerHTML() { return serialize(this, false); }
  // plotly.js only ever sets an empty text or one entity.
  set innerHTML(text) { this.textContent = decoded(String(text)); }

  getAttribute(name) {
    if (name === "style") return this._style ? this._style.cssText : null;
    const value = this._attributes.get(name);
    return value === undefined ? null : value;
  }

  setAttribute(name, value) {
    const text = String(value);
    if (name === "style") { this.style.cssText = text; return; }
    this._attributes.set(name, text);
    if (name === "class") this._classes = new Set(text.split(/\s+/).filter(Boolean));
  }

  removeAttribute(name) {
    if (name === "style") this._style = null;
    if (name === "class") this._classes = NO_CLASSES;
    this._attributes.delete(name);
  }

  hasAttribute(name) { return this.getAttribute(name) !== null; }
  getAttributeNS(space, name) { return this.getAttribute((PREFIXES[space] || "") + name); }
  setAttributeNS(space, name, value) { this.setAttribute(qualified(space, name), value); }
  removeAttributeNS(space, name) { this.removeAttribute(qualified(space, name)); }
  hasAttributeNS(space, name) { return this.hasAttribute(qualified(space, name)); }
  matches(selector) { return matching(this, selector); }

  closest(selector) {
    let node = this;
    while (node instanceof Element && !node.matches(selector)) node = node.parentNode;
    return node instanceof Element ? node : null;
  }

  _copy() {
    const copy = document.createElementNS(this.namespaceURI, this.localName);
    copy._attributes = new Map(this._attributes);
    copy._classes = this._classes;
    if (this._style) copy.style._values = new Map(this._style._values);
    return copy;
  }

  getBoundingClientRect() { return screenBox(this); }
  getClientRects() { return [this.getBoundingClientRect()]; }
  focus() {}
  blur() {}
}

const qualified = (space, name) => (name.includes(":") ? name : (PREFIXES[space] || "") + name);

class HTMLElement extends Element {
  get offsetWidth() { return this.getBoundingClientRect().width; }
  get offsetHeight() { return this.getBoundingClientRect().height; }
  get clientWidth() { return this.offsetWidth; }
  get clientHeight() { return this.offsetHeight; }
  get scrollWidth() { return this.offsetWidth; }
  get scrollHeight() { return this.offsetHeight; }
  get offsetLeft() { return 0; }
  get offsetTop() { return 0; }
  get innerText() { return this.textContent; }
}

class HTMLStyleElement extends HTMLElement {
  sheet = { cssRules: [], insertRule() { return 0; }, deleteRule() {} };
}

class SVGElement extends Element {
  get ownerSVGElement() {
    let node = this.parentNode;
    while (node instanceof Element && node.localName !== "svg") node = node.parentNode;
    return node instanceof Element ? node : null;
  }
  getBBox() { return rectangle(localBox(this)); }
  getComputedTextLength() { return textLength(this); }
  getTotalLength() { return pathOf(this).total; }
  getPointAtLength(length) { return pointAlong(pathOf(this), length); }
  getScreenCTM() { return matrixOf(screenMatrix(this)); }
  getCTM() { return this.getScreenCTM(); }
}

class Document extends Node {
  nodeType = 9;
  nodeName = "#document";
  readyState = "complete";
  hidden = false;
  fonts = { ready: Promise.resolve(), load: () => Promise.resolve([]), check: () => true };

  constructor() {
    super();
    this.documentElement = this.appendChild(new HTMLElement("html", HTML));
    this.head = this.documentElement.appendChild(new HTMLElement("head", HTML));
    this.body = this.documentElement.appendChild(new HTMLElement("body", HTML));
    this.implementation = { createHTMLDocument: () => new Document() };
  }

  get defaultView() { return window; }
  get activeElement() { return this.body; }
  get styleSheets() { return []; }
  createElement(name) { return this.createElementNS(HTML, String(name).toLowerCase()); }
  createTextNode(text) { return new Text(String(text)); }
  createDocumentFragment() { return new Element("fragment", HTML); }
  getElementById(id) { return this.querySelector("#" + id); }

  createElementNS(space, name) {
    if (space === SVG) return new SVGElement(name, space);
    if (name === "canvas") return new HTMLCanvasElement(name, HTML);
    if (name === "style") return new HTMLStyleElement(name, HTML);
    return new HTMLElement(name, HTML);
  }
}
