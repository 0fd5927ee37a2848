// Conversations: found, opened, renamed, taken away, deleted with a way back. Pinned questions stand above them.

import { useCallback, useEffect, useRef, useState } from "react";
import { Problem, type Conversation, type Pin } from "../client";
import { useSite } from "./context";
import { Icon } from "./Icon";
import { Menu, type MenuItem } from "./Menu";
import { formatName, pathOf, useTaking } from "./Take";

interface Props {
  current: string;
  /** Changes whenever the list may have changed. */
  version: number;
  onOpen: (id: string) => void;
  onGone: (id: string) => void;
  onAsk: (pin: Pin) => void;
}

const TYPING_MS = 200;
const UNDO_MS = 6000;

export function HistoryPanel({ current, version, onOpen, onGone, onAsk }: Props) {
  const { client, words, toast } = useSite();
  const [search, setSearch] = useState("");
  const [found, setFound] = useState<Conversation[] | null>(null);
  const [problem, setProblem] = useState("");
  const doomed = useDoomed();
  const load = useCallback(
    async (wanted: string, signal?: AbortSignal) => {
      try {
        const query = wanted ? `?search=${encodeURIComponent(wanted)}` : "";
        setFound(await client.json<Conversation[]>(`conversations${query}`, { signal }));
        setProblem("");
      } catch (error) {
        if (!signal?.aborted) setProblem((error instanceof Problem && error.detail) || words.t("offline"));
      }
    },
    [client, words],
  );
  useEffect(() => {
    const aborter = new AbortController();
    const timer = setTimeout(() => void load(search.trim(), aborter.signal), search ? TYPING_MS : 0);
    return () => (clearTimeout(timer), aborter.abort());
  }, [search, version, load]);

  const remove = (conversation: Conversation) => {
    doomed.add(conversation.id);
    if (conversation.id === current) onGone(conversation.id);
    const undo = () => doomed.spare(conversation.id);
    toast({ words: words.t("deleted", { title: titleOf(conversation, words.t("untitled")) }), action: { words: words.t("undo"), run: undo } });
  };
  const rename = async (conversation: Conversation, title: string) => {
    setFound((now) => now?.map((one) => (one.id === conversation.id ? { ...one, title } : one)) ?? null);
    try {
      await client.json(`conversations/${conversation.id}`, { method: "PATCH", body: { title } });
    } catch (error) {
      toast({ words: (error instanceof Problem && error.detail) || words.t("failed"), bad: true });
      await load(search.trim());
    }
  };
  const shown = found?.filter((one) => !doomed.has(one.id));
  return (
    <>
      <PinList version={version} onAsk={onAsk} />
      <label className="search">
        <Icon name="search" />
        <input type="search" value={search} placeholder={words.t("search")} aria-label={words.t("search")} onChange={(event) => setSearch(event.target.value)} />
      </label>
      {problem && <p className="problem small-print">{problem}</p>}
      {shown?.length === 0 && <p className="hint">{words.t(search ? "nothing_found" : "no_conversations")}</p>}
      <ul className="conversations">
        {shown?.map((one) => (
          <Entry key={one.id} conversation={one} current={one.id === current} onOpen={onOpen} onRename={rename} onRemove={remove} />
        ))}
      </ul>
    </>
  );
}

const titleOf = (conversation: Conversation, untitled: string) => conversation.title || untitled;

interface EntryProps {
  conversation: Conversation;
  current: boolean;
  onOpen: (id: string) => void;
  onRename: (conversation: Conversation, title: string) => Promise<void>;
  onRemove: (conversation: Conversation) => void;
}

function Entry({ conversation, current, onOpen, onRename, onRemove }: EntryProps) {
  const { words, info } = useSite();
  const [renaming, setRenaming] = useState(false);
  const taking = useTaking();
  const title = titleOf(conversation, words.t("untitled"));
  const items: (MenuItem | null)[] = [
    { key: "rename", words: words.t("rename"), run: () => setRenaming(true) },
    ...(info.formats["conversation"] ?? []).map((format) => ({
      key: format.name,
      words: words.t("export_as", { format: formatName(words, format) }),
      run: () => void taking.take(pathOf(format, conversation.id)),
    })),
    null,
    { key: "delete", words: words.t("delete"), run: () => onRemove(conversation) },
  ];
  if (renaming) {
    const end = (value: string) => {
      setRenaming(false);
      const trimmed = value.trim();
      if (trimmed && trimmed !== conversation.title) void onRename(conversation, trimmed);
    };
    return (
      <li>
        <input
          className="rename"
          defaultValue={conversation.title}
          maxLength={200}
          aria-label={words.t("rename")}
          autoFocus
          onFocus={(event) => event.target.select()}
          onBlur={(event) => end(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") end(event.currentTarget.value);
            if (event.key === "Escape") event.stopPropagation(), setRenaming(false);
          }}
        />
      </li>
    );
  }
  return (
    <li className="conversation" data-conversation={conversation.id}>
      <button type="button" className="open" aria-current={current ? "page" : undefined} title={title} onClick={() => onOpen(conversation.id)}>
        <span className="cut">{title}</span>
      </button>
      <Menu label={words.t("conversation_menu", { title })} className="round small" button={<Icon name="more" />} items={items} />
      {taking.problem && <p className="problem small-print">{taking.problem.detail || words.t("failed")}</p>}
    </li>
  );
}

interface Doomed {
  has: (id: string) => boolean;
  add: (id: string) => void;
  spare: (id: string) => void;
}

/** Conversations that are hidden at once, but deleted only when nobody wants them back, or the page is left. */
function useDoomed(): Doomed {
  const { client } = useSite();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const drop = useCallback(
    (id: string) => {
      clearTimeout(timers.current.get(id));
      timers.current.delete(id);
      void client.call(`conversations/${id}`, { method: "DELETE", keepalive: true }).catch(() => spare(id));
    },
    [client],
  );
  const spare = (id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setIds((now) => new Set([...now].filter((other) => other !== id)));
  };
  useEffect(() => {
    const waiting = timers.current;
    const leave = () => [...waiting.keys()].forEach(drop);
    addEventListener("pagehide", leave);
    return () => (removeEventListener("pagehide", leave), leave());
  }, [drop]);
  const add = (id: string) => {
    setIds((now) => new Set([...now, id]));
    timers.current.set(id, setTimeout(() => drop(id), UNDO_MS));
  };
  return { has: (id) => ids.has(id), add, spare };
}

function PinList({ version, onAsk }: { version: number; onAsk: (pin: Pin) => void }) {
  const { client, words, toast } = useSite();
  const [pins, setPins] = useState<Pin[]>([]);
  useEffect(() => {
    let gone = false;
    client.json<Pin[]>("pins").then(
      (found) => !gone && setPins(found),
      () => undefined, // the list of conversations below says what is wrong
    );
    return () => {
      gone = true;
    };
  }, [client, version]);
  if (!pins.length) return null;
  const unpin = async (pin: Pin) => {
    setPins((now) => now.filter((other) => other.id !== pin.id));
    try {
      await client.json(`pins/${pin.id}`, { method: "DELETE" });
    } catch (error) {
      setPins(pins);
      toast({ words: (error instanceof Problem && error.detail) || words.t("failed"), bad: true });
    }
  };
  return (
    <section className="pins" aria-label={words.t("pinned")}>
      <h3>{words.t("pinned")}</h3>
      <ul>
        {pins.map((pin) => (
          <li key={pin.id} className="conversation">
            <button type="button" className="open pin" title={words.t("ask_pinned", { question: pin.question })} onClick={() => onAsk(pin)}>
              <Icon name="pin" />
              <span className="cut">{pin.question}</span>
            </button>
            <button type="button" className="round small" aria-label={words.t("unpin", { question: pin.question })} title={words.t("unpin_short")} onClick={() => void unpin(pin)}>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
