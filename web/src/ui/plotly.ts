// plotly.js, from the server's own plotly package, fetched when the first chart comes.

export interface Plotly {
  react(place: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>;
  purge(place: HTMLElement): void;
  toImage(place: HTMLElement, options: object): Promise<string>;
  Plots: { resize(place: HTMLElement): Promise<unknown> };
}

let loading: Promise<Plotly> | undefined;

/** The page may have a Plotly of its own under the same name: it gets it back. */
export function loadPlotly(root: string): Promise<Plotly> {
  loading ??= new Promise<Plotly>((resolve, reject) => {
    const scope = globalThis as unknown as { Plotly?: Plotly };
    const theirs = scope.Plotly;
    const script = document.createElement("script");
    script.src = new URL("static/plotly.min.js", root).href;
    script.addEventListener("load", () => {
      const ours = scope.Plotly;
      if (theirs) scope.Plotly = theirs;
      if (ours) resolve(ours);
      else reject(new Error("plotly"));
    });
    script.addEventListener("error", () => {
      loading = undefined;
      script.remove();
      reject(new Error("plotly"));
    });
    document.head.append(script);
  });
  return loading;
}

/** Plotly puts its rules into the document; in a shadow root they must be there, too. */
export function adoptStyles(root: Node): void {
  if (!(root instanceof ShadowRoot) || adopted.has(root)) return;
  const rules = [...document.styleSheets]
    .filter((sheet) => sheet.ownerNode instanceof HTMLElement && sheet.ownerNode.id.startsWith("plotly.js-style"))
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  if (!rules.length) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join("\n"));
  root.adoptedStyleSheets.push(sheet);
  adopted.add(root);
}

const adopted = new WeakSet<ShadowRoot>();
