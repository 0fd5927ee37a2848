// The whole of `<prosa-chat>` once server and language are known: side panels, conversation, composer.

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Problem, type Client, type DocumentSummary, type Pin, type ServerInfo, type Source } from "../client";
import type { Preferences } from "../preferences";
import { Thread } from "../thread";
import type { Words } from "../words/words";
import { Composer, type ComposerHandle } from "./Composer";
import { SiteContext, type Site, type Toast } from "./context";
import { DataPanel } from "./DataPanel";
import { useDrops } from "./drops";
import { HistoryPanel } from "./History";
import { Icon } from "./Icon";
import { SettingsDialog } from "./SettingsDialog";
import { SignIn } from "./SignIn";
import { useSpoken } from "./spoken";
import { ThreadView } from "./ThreadView";
import { useTicks } from "./ticks";
import { Toasts } from "./Toasts";
import { useAddress } from "./address";

export interface AppProps {
  client: Client;
  info: ServerInfo;
  words: Words;
  preferences: Preferences;
  prefer: (change: Partial<Preferences>) => void;
  /** Our own page: it owns the address, the title and the whole window. */
  page: boolean;
  /** Without side panels. */
  compact: boolean;
  conversation: string;
  emit: Site["emit"];
  /** Hands the running page to the element, for its methods. */
  onReady: (thread: Thread, ask: Site["ask"]) => void;
}

type Side = "history" | "data";

export function App(props: AppProps) {
  const { client, info, words, preferences, prefer, page, compact, emit, onReady } = props;
  const [sources, setSources] = useState<Source[] | null>(null);
  const [documents, setDocuments] = useState<DocumentSummary[]>([]);
  const [refused, setRefused] = useState<Problem | null>(null);
  const [version, setVersion] = useState(0);
  const [side, setSide] = useState<Side>("data");
  const [drawer, setDrawer] = useState(false);
  const [settings, setSettings] = useState(false);
  const [toast, setToast] = useState<Toast | null>(null);
  const [note, setNote] = useState("");
  const composer = useRef<ComposerHandle>(null);
  const changed = useCallback(() => setVersion((now) => now + 1), []);
  const address = useAddress(page, props.conversation);
  const [thread] = useState(
    () =>
      new Thread(client, {
        conversation: (id) => {
          address.show(id);
          emit("conversation", { id });
          changed();
        },
        question: (question, runId) => emit("question", { question, run_id: runId }),
        answer: (answer) => {
          emit("answer", { run_id: answer.run_id, status: answer.status, answer });
          changed();
        },
        problem: (problem) => emit("error", { code: problem.code, message: problem.detail }),
      }),
  );
  const state = useSyncExternalStore(thread.subscribe, thread.snapshot);
  const ticks = useTicks(sources ?? NO_SOURCES, words.t("given"));

  const load = useCallback(async () => {
    try {
      const found = await client.json<Source[]>("sources");
      setSources(found);
      setDocuments(await client.json<DocumentSummary[]>("documents"));
      setRefused(null);
      return found;
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem("internal");
      if (problem.status === 401) setRefused(problem);
      else setNote(problem.detail || words.t("offline"));
      return null;
    }
  }, [client, words]);
  useEffect(() => void load(), [load]);
  const signedIn = sources !== null && refused === null;
  useEffect(() => {
    if (!signedIn) return;
    composer.current?.focus();
    const id = address.current();
    if (id) void thread.open(id);
    return address.listen((next) => (next ? void thread.open(next) : thread.reset()));
    // once: the address is listened to from then on
  }, [signedIn, thread]);

  const asking = useCallback(
    () => ({
      locale: words.locale,
      sources: [...ticks.chosen],
      ...(preferences.analyst ? { analyst: preferences.analyst } : {}),
    }),
    [words.locale, ticks.chosen, preferences.analyst],
  );
  const ask = useCallback((question: string) => thread.ask({ ...asking(), question }), [thread, asking]);
  useEffect(() => onReady(thread, ask), [onReady, thread, ask]);

  const takeFiles = useCallback(
    async (files: File[]) => {
      let last = "";
      thread.dismiss();
      for (const file of files) {
        setNote(words.t("uploading", { name: file.name }));
        try {
          const made = await client.upload(file);
          const isData = "tables" in made;
          if (isData) last = made.id;
          setNote(words.t(isData ? "uploaded" : "uploaded_document", { name: made.name }));
        } catch (error) {
          setNote("");
          thread.report(error);
        }
      }
      await load();
      if (last) ticks.only(last);
      setSide("data");
    },
    [client, words, load, ticks, thread],
  );
  const remove = async (kind: "sources" | "documents", id: string) => {
    try {
      await client.json(`${kind}/${encodeURIComponent(id)}`, { method: "DELETE" });
      setNote("");
    } catch (error) {
      thread.report(error);
    }
    await load();
  };
  const { place, dropping } = useDrops(page, takeFiles);
  const spoken = useSpoken(state, words);

  const startAnew = () => {
    thread.reset();
    setDrawer(false);
    setNote("");
    composer.current?.focus();
  };
  const open = (id: string) => {
    address.show(id);
    void thread.open(id);
    setDrawer(false);
  };
  const askPinned = (pin: Pin) => {
    setDrawer(false);
    void ask(pin.question);
  };
  const site = useMemo<Site>(
    () => ({ client, info, words, thread, preferences, prefer, sources: sources ?? NO_SOURCES, asking, ask, changed, toast: setToast, emit }),
    [client, info, words, thread, preferences, prefer, sources, asking, ask, changed, emit],
  );
  if (refused) return <SignIn client={client} words={words} problem={refused} onSignedIn={() => void load()} />;
  return (
    <SiteContext value={site}>
      <div className={compact ? "app compact" : "app"} data-drawer={drawer} ref={place}>
        {!compact && (
          <aside className="side" aria-label={words.t("side")}>
            <div className="brand-row">
              <a className="brand" href={page ? "." : undefined} id="home" onClick={(event) => (event.preventDefault(), startAnew())}>
                Prosa
              </a>
              <button type="button" className="round" id="open-settings" aria-label={words.t("settings")} title={words.t("settings")} onClick={() => setSettings(true)}>
                <Icon name="settings" />
              </button>
              <button type="button" className="round drawer-close" aria-label={words.t("close")} onClick={() => setDrawer(false)}>
                <Icon name="close" />
              </button>
            </div>
            <button type="button" className="outline" id="new" onClick={startAnew}>
              <Icon name="plus" />
              {words.t("new_conversation")}
            </button>
            <div className="tabs" role="tablist" aria-label={words.t("side")}>
              {(["data", "history"] as const).map((name) => (
                <button
                  key={name}
                  type="button"
                  role="tab"
                  id={`tab-${name}`}
                  aria-selected={side === name}
                  aria-controls={`panel-${name}`}
                  tabIndex={side === name ? 0 : -1}
                  onClick={() => setSide(name)}
                  onKeyDown={(event) => {
                    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
                    setSide(name === "data" ? "history" : "data");
                    const other = event.currentTarget.nextElementSibling ?? event.currentTarget.previousElementSibling;
                    (other as HTMLElement | null)?.focus();
                  }}
                >
                  {words.t(name === "data" ? "sources" : "history")}
                </button>
              ))}
            </div>
            <div className="side-panel" role="tabpanel" id="panel-data" aria-labelledby="tab-data" hidden={side !== "data"}>
              <DataPanel
                sources={sources}
                ticks={ticks}
                documents={documents}
                onRemove={({ id }) => void remove("sources", id)}
                onRemoveDocument={({ id }) => void remove("documents", id)}
                onAttach={() => pick(place.current)}
              />
            </div>
            <div className="side-panel" role="tabpanel" id="panel-history" aria-labelledby="tab-history" hidden={side !== "history"}>
              {signedIn && <HistoryPanel current={state.conversation} version={version} onOpen={open} onGone={startAnew} onAsk={askPinned} />}
            </div>
          </aside>
        )}
        <main className="stage-area">
          {!compact && (
            <div className="narrow-bar">
              <button type="button" className="round" aria-label={words.t("side")} aria-expanded={drawer} onClick={() => setDrawer(true)}>
                <Icon name="menu" />
              </button>
              <span className="brand">Prosa</span>
              <button type="button" className="round" aria-label={words.t("new_conversation")} onClick={startAnew}>
                <Icon name="plus" />
              </button>
            </div>
          )}
          <ThreadView page={page} state={state} ready={signedIn} chosen={ticks.chosen} />
          <Composer state={state} ticks={ticks} sources={sources ?? NO_SOURCES} note={note} onFiles={(files) => void takeFiles(files)} handle={composer} />
        </main>
        {drawer && <button type="button" className="shade" aria-label={words.t("close")} onClick={() => setDrawer(false)} />}
        {dropping && (
          <div className="veil" id="veil">
            <p>{words.t("drop_here")}</p>
          </div>
        )}
        {settings && <SettingsDialog onClose={() => setSettings(false)} />}
        <Toasts toast={toast} onGone={() => setToast(null)} />
        <p className="aside" id="status" role="status">
          {spoken}
        </p>
      </div>
    </SiteContext>
  );
}

const NO_SOURCES: readonly Source[] = [];

const pick = (place: HTMLElement | null) => place?.querySelector<HTMLInputElement>("input[type=file]")?.click();

