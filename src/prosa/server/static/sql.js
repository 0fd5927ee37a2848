// A statement with line breaks before its clauses. Only white space between words changes.

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
export function inLines(sql) {
  if (sql.includes("\n")) return sql;
  let depth = 0;
  return sql.replace(PARTS, (part, join) => {
    if (part === "(") depth += 1;
    else if (part === ")") depth -= 1;
    else if (part.startsWith(" ") && depth === 0) return `\n${join ?? ""}`;
    return part;
  });
}
