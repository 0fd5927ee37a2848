// A growing Markdown text in chunks that can be drawn one by one, so that a delta redraws the last chunk alone.

export interface Chunk {
  /** Where it begins in the whole text. */
  start: number;
  text: string;
}

/** Cuts at empty lines outside code fences, lists and tables' bodies stay whole between them. The chunks joined are the
 * text. */
export function chunks(text: string): Chunk[] {
  const found: Chunk[] = [];
  let start = 0;
  let fence = "";
  let at = 0;
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && !fence) fence = mark;
    else if (mark && fence && mark.startsWith(fence) && line.trim() === mark) fence = "";
    const end = Math.min(at + line.length + 1, text.length);
    // An item or an indented line after an empty one may go on with the list before it.
    const next = text.slice(end, end + 4);
    if (!fence && line.trim() === "" && !/^(?:\s|[-*+] |\d+[.)])/.test(next) && end > start) {
      found.push({ start, text: text.slice(start, end) });
      start = end;
    }
    at = end;
  }
  if (start < text.length) found.push({ start, text: text.slice(start) });
  return found;
}

/** Whether a chunk reads the same with and without Markdown: then nobody has to parse it. */
export const isPlain = (text: string): boolean =>
  !/[\\`*_[\]<>#|~&]|:\/\/|www\.|@|^\s*(?:[-+=]|\d+[.)]\s)|^(?: {4}|\t)| {2,}\n/m.test(text);
