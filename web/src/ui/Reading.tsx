import type { Answer } from "../log/events";
import { useWords } from "./context";
import { Marked } from "./Marked";

/** The question, with the words that were not understood underlined. */
export function QuestionTitle({ answer }: { answer: Answer }) {
  return (
    <h2>
      <Marked text={answer.question} places={answer.unknown} mark={(text) => <Unknown text={text} />} />
    </h2>
  );
}

/** How the question was read, in one sentence. */
export function Reading({ answer }: { answer: Answer }) {
  const words = useWords();
  if (!answer.reading && !answer.unknown.length) return null;
  return (
    <div className="reading">
      {answer.reading && (
        <p>
          <span className="label">{words.t("reading")}</span> {answer.reading}
        </p>
      )}
      {answer.unknown.length > 0 && (
        <p>
          <span className="label">{words.t("not_understood")}</span>
          {answer.unknown.map((word, at) => (
            <span key={at}>
              {" "}
              <Unknown text={word.text} />
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function Unknown({ text }: { text: string }) {
  const words = useWords();
  return (
    <u className="unknown" title={words.t("unknown_word")}>
      {text}
    </u>
  );
}
