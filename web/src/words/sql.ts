// A statement for people's eyes: line breaks before its clauses, and its parts by kind.

const PARTS = new RegExp(
  [
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|--.*|\/\*[^]*?\*\//, // texts, names, comments
    /[()]/,
    / +(?=(?:FROM|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET|UNION|EXCEPT|INTERSECT)\b)/,
    / +(?<join>(?:(?:NATURAL|ASOF|LEFT|RIGHT|FULL|INNER|CROSS|SEMI|ANTI|OUTER) )*JOIN)\b/,
  ]
    .map((part) => part.source)
    .join("|"),
  "g",
);

/** Breaks lines outside brackets, texts and quoted names; a statement that has line breaks stays as it is. */
export function inLines(sql: string): string {
  if (sql.includes("\n")) return sql;
  let depth = 0;
  return sql.replace(PARTS, (part: string, join?: string) => {
    if (part === "(") depth += 1;
    else if (part === ")") depth -= 1;
    else if (part.startsWith(" ") && depth === 0) return `\n${typeof join === "string" ? join : ""}`;
    return part;
  });
}

export type SqlKind = "keyword" | "function" | "name" | "text" | "number" | "comment" | "";

const KEYWORDS = new Set(
  (
    "all and any as asc between by case cast cross current date desc distinct else end escape except exists false " +
    "filter first following from full group having ilike in inner intersect interval is join last lateral left like " +
    "limit natural not null nulls offset on or order outer over partition preceding qualify range recursive right " +
    "row rows select then timestamp true unbounded union unnest using values when where window with within"
  ).split(" "),
);
const TOKEN =
  /(?<comment>--.*|\/\*[^]*?(?:\*\/|$))|(?<text>'(?:[^']|'')*'?)|(?<name>"(?:[^"]|"")*"?)|(?<number>\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)(?=(?<call>\s*\()?)|[^]/giu;

/** The statement's text in parts, in order, none left out. */
export function highlighted(sql: string): { kind: SqlKind; text: string }[] {
  const parts: { kind: SqlKind; text: string }[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const kind = kindOf(match);
    const last = parts.at(-1);
    if (last && last.kind === kind) last.text += match[0];
    else parts.push({ kind, text: match[0] });
  }
  return parts;
}

function kindOf({ groups = {} }: RegExpMatchArray): SqlKind {
  if (groups["word"]) {
    if (KEYWORDS.has(groups["word"].toLowerCase())) return "keyword";
    return groups["call"] ? "function" : "";
  }
  return (["comment", "text", "name", "number"] as const).find((kind) => groups[kind]) ?? "";
}
