import { useEffect, useState } from "react";
import { useSite } from "./context";
import type { Chosen } from "./ticks";

/** An empty conversation: what this is, and questions that this very data can answer. */
export function Welcome({ chosen }: { chosen: Chosen }) {
  const { client, words, ask, sources } = useSite();
  const [examples, setExamples] = useState<string[] | null>(null);
  const which = chosen.sources.join();
  const onlyDocuments = chosen.documents.length > 0 && !which;
  useEffect(() => {
    let gone = false;
    if (onlyDocuments) return setExamples([]); // examples are made from data
    const query = new URLSearchParams([["locale", words.locale], ...chosen.sources.map((id) => ["source", id])]);
    client.json<{ question: string }[]>(`examples?${query}`).then(
      (found) => !gone && setExamples(found.map(({ question }) => question)),
      () => !gone && setExamples([]), // the page says elsewhere what is wrong
    );
    return () => {
      gone = true;
    };
    // `which` is what counts of `chosen`; other sources bring other examples
  }, [client, words.locale, which, onlyDocuments, sources]);
  return (
    <section className="welcome" id="welcome">
      <h1>{words.t("welcome")}</h1>
      <p>{words.t(onlyDocuments ? "welcome_documents" : sources.length ? "welcome_more" : "welcome_empty")}</p>
      {examples !== null && examples.length > 0 && (
        <>
          <h2>{words.t("examples")}</h2>
          <ul className="examples" id="examples">
            {examples.map((question) => (
              <li key={question}>
                <button type="button" onClick={() => void ask(question)}>
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
