// The whole of `<prosa-chat>` once server and language are known: side panels, conversation, composer.

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Client, Pin, ServerInfo, Source } from "../client";
import { analystOf, type Preferences } from "../preferences";
import { Thread } from "../thread";
import type { Words } from "../words/words";
import { useAddress, type Address } from "./address";
import { Composer, type ComposerHandle } from "./Composer";
import { SiteContext, type Site, type Toast } from "./context";
import { DataPanel } from "./DataPanel";
import { useDrops } from "./drops";
import { HistoryPanel } from "./History";
import { useLibrary } from "./library";
import { SettingsDialog } from "./SettingsDialog";
import { NarrowBar, Side, type SideName } from "./Side";
import { SignIn } from "./SignIn";
import { useSpoken } from "./spoken";
import { ThreadView } from "./ThreadView";
import { useTicks, type Chosen } from "./ticks";
import { Toasts } from "./Toasts";

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

const NO_SOURCES: readonly Source[] = [];

export function App(props: AppProps) {
  const { client, words, page, compact, emit } = props;
  const [version, setVersion] = useState(0);
  const [side, setSide] = useState<SideName>("data");
  const [drawer, setDrawer] = useState(false);
  const [settings, setSettings] = useState(false);
  const [toast, setToast] = useState<Toast | null>(null);
  const composer = useRef<ComposerHandle>(null);
  const changed = useCallback(() => setVersion((now) => now + 1), []);
  const address = useAddress(page, props.conversation);
  const [thread] = useState(() => threadOf(client, address, emit, changed));
  const state = useSyncExternalStore(thread.subscribe, thread.snapshot);
  const library = useLibrary(client, words, thread);
  const ticks = useTicks(library.sources ?? NO_SOURCES, library.documents, words.t("given"));
  const signedIn = library.sources !== null && library.refused === null;
  useBeginning(signedIn, thread, address, composer);
  const asked = useAsking(props, thread, ticks.chosen);
  const { place, dropping } = useDrops(page, (files) => void takeFiles(files));
  const spoken = useSpoken(state, words);

  const takeFiles = async (files: readonly File[]) => {
    await library.bring(files, ticks.brought);
    setSide("data");
  };
  const startAnew = () => {
    thread.reset();
    setDrawer(false);
    library.say("");
    composer.current?.focus();
  };
  const open = (id: string) => {
    address.show(id);
    void thread.open(id);
    setDrawer(false);
  };
  const askPinned = (pin: Pin) => {
    setDrawer(false);
    void asked.ask(pin.question);
  };
  const site = useSteady({ ...asked, ...props, thread, sources: library.sources ?? NO_SOURCES, changed, toast: setToast });
  if (library.refused) return <SignIn client={client} words={words} problem={library.refused} onSignedIn={() => void library.load()} />;
  const data = (
    <DataPanel
      sources={library.sources}
      ticks={ticks}
      onRemove={({ id }) => void library.remove("sources", id)}
      onRemoveDocument={({ id }) => void library.remove("documents", id)}
      onAttach={() => place.current?.querySelector<HTMLInputElement>("input[type=file]")?.click()}
    />
  );
  const history = signedIn && <HistoryPanel current={state.conversation} version={version} onOpen={open} onGone={startAnew} onAsk={askPinned} />;
  return (
    <SiteContext value={site}>
      <div className={compact ? "app compact" : "app"} data-drawer={drawer} ref={place}>
        {!compact && (
          <Side
            home={page ? "." : undefined}
            shown={side}
            onShow={setSide}
            onNew={startAnew}
            onSettings={() => setSettings(true)}
            onClose={() => setDrawer(false)}
            panels={{ data, history }}
          />
        )}
        <main className="stage-area">
          {!compact && <NarrowBar open={drawer} onOpen={() => setDrawer(true)} onNew={startAnew} />}
          <ThreadView page={page} state={state} ready={signedIn} chosen={ticks.chosen} />
          <Composer state={state} ticks={ticks} note={library.note} onFiles={(files) => void takeFiles(files)} handle={composer} />
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

const threadOf = (client: Client, address: Address, emit: Site["emit"], changed: () => void): Thread =>
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
  });

/** Opens the conversation of the address as soon as somebody is signed in, and listens to the address from then on. */
function useBeginning(signedIn: boolean, thread: Thread, address: Address, composer: React.RefObject<ComposerHandle | null>): void {
  useEffect(() => {
    if (!signedIn) return;
    composer.current?.focus();
    const id = address.current();
    if (id) void thread.open(id);
    return address.listen((next) => (next ? void thread.open(next) : thread.reset()));
    // address and composer are the same for good
  }, [signedIn, thread]);
}

/** How a question is asked now: in which language, by whom, of what. */
function useAsking({ words, info, preferences, onReady }: AppProps, thread: Thread, chosen: Chosen): Pick<Site, "asking" | "ask"> {
  const analyst = preferences.analyst && analystOf(preferences, info);
  const asking = useCallback(() => ({ locale: words.locale, ...chosen, ...(analyst ? { analyst } : {}) }), [words.locale, chosen, analyst]);
  const ask = useCallback((question: string) => thread.ask({ ...asking(), question }), [thread, asking]);
  useEffect(() => onReady(thread, ask), [onReady, thread, ask]);
  return useMemo(() => ({ asking, ask }), [asking, ask]);
}

/** The same object as long as nothing of it changes, so that finished turns are not drawn again. */
function useSteady({ client, info, words, thread, preferences, prefer, sources, asking, ask, changed, toast, emit }: Site): Site {
  return useMemo(
    () => ({ client, info, words, thread, preferences, prefer, sources, asking, ask, changed, toast, emit }),
    [client, info, words, thread, preferences, prefer, sources, asking, ask, changed, toast, emit],
  );
}
