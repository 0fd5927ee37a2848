// `<prosa-chat>`: the whole page as one element with a shadow root, for our own page and for other people's.

import { createRoot, type Root } from "react-dom/client";
import { Client, type Token } from "./client";
import base from "./styles/base.css?inline";
import layout from "./styles/layout.css?inline";
import answer from "./styles/answer.css?inline";
import parts from "./styles/parts.css?inline";
import type { Thread } from "./thread";
import { Start } from "./ui/Start";

const sheet = new CSSStyleSheet();
sheet.replaceSync([base, layout, answer, parts].join("\n"));

/** The server that this very file came from. */
const OWN_SERVER = new URL(/* @vite-ignore */ "..", import.meta.url).href;

const ATTRIBUTES = ["server", "locale", "theme", "conversation", "compact", "page"];

/**
 * Attributes: `server` (address of the Prosa server; else the one that the script came from), `locale`, `theme`
 * (light, dark), `conversation` (an id to open), `compact` (no side panels), `page` (our own page).
 * Property: `token`, a string or a function that gives a bearer token, maybe as a promise; set it before or after.
 * Methods: `ask(question)`, `open(conversation)`, `reset()`.
 * Events, all bubbling, with `detail`: `prosa-ready`, `prosa-conversation` {id}, `prosa-question` {question, run_id},
 * `prosa-answer` {run_id, status, answer}, `prosa-error` {code, message}, `prosa-download` {name}.
 */
export class ProsaChat extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;

  private root: Root | null = null;
  private place: HTMLElement | null = null;
  private client: Client | null = null;
  private given: Token | undefined;
  private thread: Thread | null = null;
  private asker: ((question: string) => Promise<boolean>) | null = null;

  get token(): Token | undefined {
    return this.given;
  }

  set token(token: Token | string | undefined) {
    this.given = typeof token === "string" ? () => token : token;
    this.client = null;
    this.draw();
  }

  connectedCallback(): void {
    // A property that was set before the element was defined hides its setter.
    if (Object.hasOwn(this, "token")) {
      const early = (this as { token: Token | string | undefined }).token;
      delete (this as { token?: unknown }).token;
      this.token = early;
    }
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    this.place = document.createElement("div");
    this.place.className = "root";
    shadow.replaceChildren(this.place);
    this.root = createRoot(this.place);
    this.draw();
  }

  disconnectedCallback(): void {
    this.root?.unmount();
    this.root = this.place = this.client = this.thread = this.asker = null;
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === "server") this.client = null;
    if (name === "conversation" && this.thread) return void this.open(after ?? "");
    this.draw();
  }

  /** Asks a question as if the person had; false where it could not be asked, since another one is at work, say. */
  async ask(question: string): Promise<boolean> {
    return (await this.asker?.(question)) ?? false;
  }

  /** Shows a conversation; an empty id begins a new one. */
  async open(conversation: string): Promise<void> {
    if (conversation) await this.thread?.open(conversation);
    else this.thread?.reset();
  }

  reset(): void {
    this.thread?.reset();
  }

  private draw(): void {
    if (!this.root) return;
    this.client ??= new Client(this.server(), this.given);
    this.root.render(
      <Start
        key={`${this.client.root} ${this.given ? "token" : ""}`}
        client={this.client}
        page={this.hasAttribute("page")}
        compact={this.hasAttribute("compact")}
        conversation={this.getAttribute("conversation") ?? ""}
        locale={this.getAttribute("locale") ?? ""}
        theme={this.getAttribute("theme") ?? ""}
        emit={this.emit}
        onLook={this.look}
        onReady={this.ready}
      />,
    );
  }

  private server(): string {
    const given = this.getAttribute("server");
    return given ? new URL(given.replace(/\/?$/, "/"), document.baseURI).href : OWN_SERVER;
  }

  private readonly emit = (name: string, detail: Record<string, unknown>): void => {
    this.dispatchEvent(new CustomEvent(`prosa-${name}`, { detail, bubbles: true, composed: true }));
  };

  private readonly look = (locale: string, theme: string): void => {
    if (!this.place) return;
    this.place.lang = locale;
    this.place.dataset["theme"] = theme;
    if (!this.hasAttribute("page")) return;
    document.documentElement.lang = locale;
    document.documentElement.style.colorScheme = theme === "system" ? "" : theme;
  };

  private readonly ready = (thread: Thread, ask: (question: string) => Promise<boolean>): void => {
    const first = !this.thread;
    this.thread = thread;
    this.asker = ask;
    if (first) this.emit("ready", {});
  };
}
