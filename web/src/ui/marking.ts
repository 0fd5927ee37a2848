// A rehype step that wraps checked numbers of a Markdown text in <mark>.

import type { Element, ElementContent, Root, RootContent, Text } from "hast";

/** A checked number by its place in the Markdown source, in UTF-16 units. */
export interface UnitSpan {
  from: number;
  to: number;
  confirmed: boolean;
}

/** Numbers inside of code, or of texts that Markdown reads differently than they are written, stay unmarked. */
export function marking(spans: readonly UnitSpan[]): (tree: Root) => void {
  return (tree) => {
    if (spans.length) visit(tree, spans);
  };
}

function visit(parent: Root | Element, spans: readonly UnitSpan[]): void {
  if (parent.type === "element" && parent.tagName === "code") return;
  const children: (RootContent | ElementContent)[] = [];
  for (const child of parent.children) {
    if (child.type === "element") visit(child, spans);
    if (child.type === "text") children.push(...marked(child, spans));
    else children.push(child);
  }
  parent.children = children as typeof parent.children;
}

function marked(text: Text, spans: readonly UnitSpan[]): ElementContent[] {
  const start = text.position?.start.offset;
  const end = text.position?.end.offset;
  if (start === undefined || end === undefined || end - start !== text.value.length) return [text];
  const parts: ElementContent[] = [];
  let at = 0;
  for (const span of spans) {
    const [from, to] = [span.from - start, span.to - start];
    if (from < at || to > text.value.length) continue;
    if (from > at) parts.push({ type: "text", value: text.value.slice(at, from) });
    parts.push({
      type: "element",
      tagName: "mark",
      properties: { className: [span.confirmed ? "confirmed" : "unconfirmed"] },
      children: [{ type: "text", value: text.value.slice(from, to) }],
    });
    at = to;
  }
  if (at < text.value.length) parts.push({ type: "text", value: text.value.slice(at) });
  return parts;
}
