// The answer in words: Markdown of which nothing is ever loaded, with every checked number marked.

import { memo, useMemo, type ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";

import type { Answer, Block, Span } from "../log/events";
import { chunks, isPlain } from "../words/chunks";
import { inUnits } from "../words/pieces";
import { marking, type UnitSpan } from "./marking";
import { CodeBlock } from "./CodeBlock";
import { useWords } from "./context";
import { gfm } from "./gfm";

export function WordsOf({ answer }: { answer: Answer }) {
  const blocks = answer.blocks.filter((block) => block.text);
  if (!blocks.length) return null;
  return (
    <div className="words">
      {blocks.map((block, at) => (
        <BlockOf key={at} block={block} answer={answer} />
      ))}
    </div>
  );
}

function BlockOf({ block, answer }: { block: Block; answer: Answer }) {
  const text = block.text ?? "";
  const parts = useMemo(() => {
    const spans = inUnits<Span>(text, block.spans ?? []);
    return chunks(text).map((chunk) => {
      const end = chunk.start + chunk.text.length;
      const own = spans
        .filter((span) => span.from >= chunk.start && span.to <= end)
        .map((span) => ({ from: span.from - chunk.start, to: span.to - chunk.start, confirmed: span.place.confirmed }));
      return { ...chunk, spans: own, key: own.map((span) => `${span.from}${span.confirmed}`).join() };
    });
  }, [text, block.spans]);
  return parts.map((part) => (
    <Part key={part.start} text={part.text} spans={part.spans} marks={part.key} tables={answer.tables} />
  ));
}

interface PartProps {
  text: string;
  spans: UnitSpan[];
  /** Tells whether `spans` are the same as before. */
  marks: string;
  tables: Answer["tables"];
}

const Part = memo(
  function Part({ text, spans, tables }: PartProps) {
    if (isPlain(text)) return <Plain text={text} spans={spans} />;
    return (
      <Markdown
        remarkPlugins={[gfm]}
        rehypePlugins={[[marking, spans]]}
        disallowedElements={["img"]}
        components={componentsWith(tables)}
      >
        {text}
      </Markdown>
    );
  },
  (before, after) => before.text === after.text && before.marks === after.marks && before.tables === after.tables,
);

function Plain({ text, spans }: { text: string; spans: UnitSpan[] }) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const span of spans) {
    if (span.from < at) continue;
    parts.push(
      text.slice(at, span.from),
      <CheckedNumber key={span.from} confirmed={span.confirmed}>
        {text.slice(span.from, span.to)}
      </CheckedNumber>,
    );
    at = span.to;
  }
  return <p>{[...parts, text.slice(at).trimEnd()]}</p>;
}

function CheckedNumber({ confirmed, children }: { confirmed: boolean; children?: ReactNode }) {
  const words = useWords();
  return (
    <mark className={confirmed ? "confirmed" : "unconfirmed"} title={words.t(confirmed ? "confirmed" : "unconfirmed")}>
      {children}
      {!confirmed && <span className="aside"> ({words.t("unconfirmed")})</span>}
    </mark>
  );
}

const componentsWith = (tables: Answer["tables"]): Components => ({
  mark: ({ children, className }) => <CheckedNumber confirmed={className === "confirmed"}>{children}</CheckedNumber>,
  // Other people's addresses open apart, and are not told where they were clicked.
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  pre: ({ children }) => <>{children}</>,
  code: ({ className, children, node }) => {
    const text = String(children ?? "");
    const isBlock = text.endsWith("\n") || Boolean(className);
    if (!isBlock) return <code>{children}</code>;
    const meta = (node?.data as { meta?: string } | undefined)?.meta ?? "";
    return <CodeBlock language={/language-(\S+)/.exec(className ?? "")?.[1] ?? ""} meta={meta} text={text} tables={tables} />;
  },
  table: ({ children }) => (
    <div className="scroll" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
});
