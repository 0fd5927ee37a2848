// What there is to ask: the sources and documents of the server, and the files that a person brings and takes away.

import { useCallback, useEffect, useState } from "react";
import { Problem, type Client, type DocumentSummary, type Source } from "../client";
import type { Thread } from "../thread";
import type { Words } from "../words/words";

export interface Library {
  /** Null until they are known. */
  sources: readonly Source[] | null;
  documents: readonly DocumentSummary[];
  /** Why the server lets nobody in, where it does not. */
  refused: Problem | null;
  /** What is said about files beside the question box. */
  note: string;
  say: (note: string) => void;
  load: () => Promise<void>;
  /** Brings files; `onBrought` hears which came in before they are listed. */
  bring: (files: readonly File[], onBrought: (data: string[], documents: string[]) => void) => Promise<void>;
  remove: (kind: "sources" | "documents", id: string) => Promise<void>;
}

export function useLibrary(client: Client, words: Words, thread: Thread): Library {
  const [sources, setSources] = useState<Source[] | null>(null);
  const [documents, setDocuments] = useState<DocumentSummary[]>([]);
  const [refused, setRefused] = useState<Problem | null>(null);
  const [note, say] = useState("");
  const load = useCallback(async () => {
    try {
      setSources(await client.json<Source[]>("sources"));
      setDocuments(await client.json<DocumentSummary[]>("documents"));
      setRefused(null);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem("internal");
      if (problem.status === 401) setRefused(problem);
      else say(problem.detail || words.t("offline"));
    }
  }, [client, words]);
  useEffect(() => void load(), [load]);

  const bring: Library["bring"] = async (files, onBrought) => {
    const data: string[] = [];
    const texts: string[] = [];
    thread.dismiss();
    for (const file of files) {
      say(words.t("uploading", { name: file.name }));
      try {
        const made = await client.upload(file);
        const isData = "tables" in made;
        (isData ? data : texts).push(made.id);
        say(words.t(isData ? "uploaded" : "uploaded_document", { name: made.name }));
      } catch (error) {
        say("");
        thread.report(error);
      }
    }
    onBrought(data, texts);
    await load();
  };
  const remove = async (kind: "sources" | "documents", id: string) => {
    try {
      await client.json(`${kind}/${encodeURIComponent(id)}`, { method: "DELETE" });
      say("");
    } catch (error) {
      thread.report(error);
    }
    await load();
  };
  return { sources, documents, refused, note, say, load, bring, remove };
}
