"use strict";
// Nodes as XML, and the few entities that plotly.js asks the page to read.

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", apos: "'", times: "×", plusmn: "±", deg: "°", mu: "μ" };
// What XML 1.0 can't hold: https://www.w3.org/TR/xml/#charsets
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escaped = (text) => String(text).replace(FORBIDDEN, "\ufffd").replace(/[&<>"]/g, (sign) => ESCAPES[sign]);

function decoded(text) {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    const code = decimal ? parseInt(decimal, 10) : hex ? parseInt(hex, 16) : 0;
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES[name] || whole;
  });
}

function serialize(node, itself = true) {
  const parts = [];
  if (itself) write(node, parts, "");
  else for (let child = node.firstChild; child; child = child.nextSibling) write(child, parts, "");
  return parts.join("");
}

function write(node, parts, space) {
  if (node.nodeType !== 1) { parts.push(escaped(node.textContent)); return; }
  const name = node.localName;
  parts.push("<", name);
  if (node.namespaceURI !== space && !node._attributes.has("xmlns")) parts.push(` xmlns="${node.namespaceURI}"`);
  for (const [key, value] of node._attributes) parts.push(` ${key}="${escaped(value)}"`);
  if (node._style && node._style._values.size) parts.push(` style="${escaped(pinned(node._style))}"`);
  if (!node.firstChild) { parts.push("/>"); return; }
  parts.push(">");
  for (let child = node.firstChild; child; child = child.nextSibling) write(child, parts, node.namespaceURI);
  parts.push("</", name, ">");
}

// The font that a text was measured in comes first, so that it is the one that is drawn.
function pinned(style) {
  const family = style.getPropertyValue("font-family");
  if (!family) return style.cssText;
  const others = family.replace(/TOBESTRIPPED|["']/g, "").split(/\s*,\s*/);
  const names = [FAMILIES[familyOf(family)], SYMBOLS, ...others].map((name) => (/^[\w-]+$/.test(name) ? name : `'${name}'`));
  return style.cssText.replace(/font-family: [^;]*;/, () => `font-family: ${[...new Set(names)].join(", ")};`);
}

class XMLSerializer {
  serializeToString(node) { return serialize(node); }
}

class DOMParser {
  parseFromString() { return new Document(); }
}
