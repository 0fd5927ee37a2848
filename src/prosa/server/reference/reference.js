// The reference of the API, drawn from the OpenAPI document that the server describes itself with.

const document_ = await (await fetch("openapi.json")).json();

function h(tag, attributes = {}, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const name = (reference) => reference.split("/").pop();

function kind(schema) {
  if (!schema) return "";
  if (schema.$ref) return h("a", { href: `#${name(schema.$ref)}` }, name(schema.$ref));
  if (schema.items) return h("span", {}, "[", kind(schema.items), "]");
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return h("span", {}, choices.flatMap((choice, place) => (place ? [" | ", kind(choice)] : [kind(choice)])));
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  return [schema.type ?? "any"].flat().join(" | ");
}

const row = (...cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell)));

function drawParameters(operation) {
  const rows = (operation.parameters ?? []).map((given) =>
    row(h("code", {}, given.name), h("span", { className: "quiet" }, given.in), kind(given.schema), given.description ?? ""),
  );
  for (const [type, body] of Object.entries(operation.requestBody?.content ?? {})) {
    rows.push(row(h("code", {}, "body"), h("span", { className: "quiet" }, type), kind(body.schema), ""));
  }
  return rows.length ? h("table", {}, rows) : "";
}

function drawResponses(operation) {
  const rows = Object.entries(operation.responses).flatMap(([status, response]) => {
    const contents = Object.entries(response.content ?? { "": {} });
    return contents.map(([type, content]) => row(h("code", {}, status), h("span", { className: "quiet" }, type), kind(content.schema), response.description));
  });
  return h("table", {}, rows);
}

function drawOperation(path, method, operation) {
  return h(
    "details", {},
    h("summary", {}, h("span", { className: "method" }, method), h("code", {}, path)),
    h("p", {}, operation.description ?? operation.summary ?? ""),
    drawParameters(operation),
    drawResponses(operation),
  );
}

function drawSchema([title, schema]) {
  const fields = Object.entries(schema.properties ?? {}).map(([field, value]) => row(h("code", {}, field), kind(value), value.description ?? ""));
  const body = fields.length ? h("table", {}, fields) : h("p", {}, kind(schema));
  return h("details", { id: title }, h("summary", {}, h("code", {}, title)), h("p", {}, schema.description ?? ""), body);
}

const topics = new Map();
for (const [path, operations] of Object.entries(document_.paths)) {
  for (const [method, operation] of Object.entries(operations)) {
    const topic = operation.tags?.[0] ?? "";
    topics.set(topic, [...(topics.get(topic) ?? []), drawOperation(path, method, operation)]);
  }
}
for (const [topic, drawn] of topics) document.getElementById("operations").append(h("h2", {}, topic), ...drawn);
document.getElementById("schemas").append(h("h2", {}, "schemas"), ...Object.entries(document_.components.schemas).map(drawSchema));
addEventListener("hashchange", () => document.getElementById(location.hash.slice(1))?.setAttribute("open", ""));
