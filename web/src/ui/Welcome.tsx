import { useEffect, useState } from "react";
import { useSite } from "./context";

/** An empty conversation: what this is, and questions that this very data can answer. */
export function Welcome({ chosen }: { chosen: readonly string[] }) {
  const { client, words, ask, sources } = useSite();
  const [examples, setExamples] = useState<string[] | null>(null);
  const which = chosen.join();
  useEffect(() => {
    let gone = false;
    const query = new URLSearchParams([["locale", words.locale], ...chosen.map((id) => ["source", id])]);
    client.json<{ question: string }[]>(`examples?${query}`).then(
      (found) => !gone && setExamples(found.map(({ question }) => question)),
      () => !gone && setExamples([]), // the page says elsewhere what is wrong
    );
    return () => {
      gone = true;
    };
    // `which` is what counts of `chosen`; other sources bring other examples
  }, [client, words.locale, which, sources]);
  return (
    <section className="welcome" id="welcome">
      <h1>{words.t("welcome")}</h1>
      <p>{words.t(sources.length ? "welcome_more" : "welcome_empty")}</p>
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
