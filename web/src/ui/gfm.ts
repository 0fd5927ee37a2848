// GitHub's Markdown (tables, task lists, strikethrough, footnotes, bare links), its reading half alone: what remark-gfm
// has besides writes Markdown, which nobody does here.

import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm as syntax } from "micromark-extension-gfm";
import type { Processor } from "unified";

export function gfm(this: Processor): void {
  const data = this.data() as { micromarkExtensions?: unknown[]; fromMarkdownExtensions?: unknown[] };
  (data.micromarkExtensions ??= []).push(syntax());
  (data.fromMarkdownExtensions ??= []).push(gfmFromMarkdown());
}
