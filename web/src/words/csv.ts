// CSV of a code block, as a model or an analyst writes it: read for a preview, named for a download.

/** Rows of a CSV text (RFC 4180); `,`, `;` or a tab parts the fields, whichever the first line has most of. */
export function parseCsv(text: string): string[][] {
  const delimiter = delimiterOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text.charAt(at + 1) === '"') (field += '"'), (at += 1);
      else quoted = false;
    } else if (sign === '"' && field === "") quoted = true;
    else if (sign === delimiter) row.push(field), (field = "");
    else if (sign === "\n") rows.push([...row, field]), (row = []), (field = "");
    else if (sign !== "\r") field += sign;
  }
  if (field || row.length) rows.push([...row, field]);
  return rows.filter((cells) => cells.length > 1 || cells[0] !== "");
}

function delimiterOf(text: string): string {
  const first = text.split("\n", 1)[0] ?? "";
  const counts = [",", ";", "\t"].map((sign) => [sign, first.split(sign).length] as const);
  return counts.reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

/** `export_<time>.csv`, as the server names its files. */
export function exportName(now: Date, extension = "csv"): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `export_${day}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.${extension}`;
}
