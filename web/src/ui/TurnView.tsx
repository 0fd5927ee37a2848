// One question and its answer: everything stands in the order in which it comes, so that nothing jumps.

import { memo, useState } from "react";
import { Problem, type Pin } from "../client";
import type { Answer, FileData, Query } from "../log/events";
import type { Turn } from "../thread";
import { bytes, duration } from "../words/words";
import { Chart } from "./Chart";
import { AskedContext, useSite } from "./context";
import { Icon } from "./Icon";
import { Menu, type MenuItem } from "./Menu";
import { Passages } from "./Passages";
import { ProblemNote } from "./Problem";
import { QuestionTitle, Reading } from "./Reading";
import { SqlList } from "./Sql";
import { Stages } from "./Stages";
import { ResultTable } from "./Table";
import { formatName, Gone, pathOf, Progress, useTaking } from "./Take";
import { Tools } from "./Tools";
import { WordsOf } from "./Words";

export const TurnView = memo(function TurnView({ turn }: { turn: Turn }) {
  const { answer } = turn;
  const running = answer.status === "running";
  return (
    <AskedContext value={answer.question}>
      <article className="turn" data-status={answer.status} data-run={answer.run_id} aria-busy={running}>
        <header className="question">
          <QuestionTitle answer={answer} />
          <TurnTools answer={answer} />
        </header>
        <Stages answer={answer} seen={turn.seen} />
        <Tools answer={answer} />
        <Reading answer={answer} />
        <SqlList answer={answer} />
        {answer.notices.map((notice, at) => (
          <p key={at} className="notice" data-code={notice.code}>
            {notice.words}
          </p>
        ))}
        {answer.tables.map((table) => (
          <ResultTable key={table.result_id} table={table} query={queryOf(answer, table.query_id)} />
        ))}
        {answer.charts.map((chart) => (
          <Chart key={chart.chart_id} chart={chart} run={answer.run_id} />
        ))}
        <WordsOf answer={answer} />
        <Passages answer={answer} />
        {answer.files.map((file) => (
          <FileLink key={file.file_id} file={file} />
        ))}
        <Options answer={answer} />
        <End answer={answer} />
      </article>
    </AskedContext>
  );
});

const queryOf = (answer: Answer, id: string): Query | undefined => answer.queries.find((query) => query.query_id === id);

/** What can be done with a whole answer: pin its question, ask it again, take all of it away. */
function TurnTools({ answer }: { answer: Answer }) {
  const { client, words, info, toast, ask, changed } = useSite();
  const taking = useTaking();
  if (answer.status === "running") return null;
  const pin = async () => {
    try {
      await client.post<Pin>("pins", { question: answer.question });
      changed();
      toast({ words: words.t("pinned_now") });
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem("internal");
      toast({ words: problem.detail || words.t("failed"), bad: true });
    }
  };
  const items: MenuItem[] = [
    { key: "pin", words: words.t("pin"), run: () => void pin() },
    { key: "again", words: words.t("ask_again"), run: () => void ask(answer.question) },
    ...(info.formats["answer"] ?? []).map((format) => ({
      key: `answer-${format.name}`,
      words: formatName(words, format),
      hint: `.${format.extension}`,
      run: () => void taking.take(pathOf(format, answer.run_id, { locale: words.numbers })),
    })),
  ];
  return (
    <div className="turn-tools">
      <Progress taking={taking} />
      <Menu label={words.t("answer_menu")} className="round" button={<Icon name="more" />} items={items} />
      {taking.problem && <Gone problem={taking.problem} />}
    </div>
  );
}

function FileLink({ file }: { file: FileData }) {
  const { words } = useSite();
  const taking = useTaking();
  const facts = [
    typeof file.rows === "number" ? words.t("rows", { count: file.rows, total: words.number(file.rows) }) : "",
    typeof file.size === "number" ? bytes(words, file.size) : "",
    file.complete === false ? words.t("truncated") : "",
  ];
  return (
    <div className="file">
      <button type="button" className="download" onClick={() => void taking.take(`files/${encodeURIComponent(file.file_id)}`)}>
        <Icon name="download" />
        {words.t("download_file", { filename: file.name })}
      </button>
      <span className="faint">{facts.filter(Boolean).join(" · ")}</span>
      <Progress taking={taking} />
      {taking.problem && <Gone problem={taking.problem} />}
    </div>
  );
}

function Options({ answer }: { answer: Answer }) {
  const { thread, asking } = useSite();
  const [chosen, setChosen] = useState<number | null>(null);
  const asked = answer.clarification;
  if (!asked) return null;
  return (
    <div className="clarification">
      <p>{asked.question}</p>
      <div className="options">
        {asked.options.map((option, at) => (
          <button
            key={at}
            type="button"
            aria-pressed={chosen === at}
            disabled={answer.status === "running"}
            onClick={() => (setChosen(at), void thread.choose(option, answer.run_id, asking()))}
          >
            {option.label}
          </button>
        ))}
      </div>
    </div>
  );
}

/** How a run ended that did not come to an answer. */
function End({ answer }: { answer: Answer }) {
  const { words, ask } = useSite();
  const { cancelled, failure } = answer;
  const again = (
    <button type="button" className="outline" onClick={() => void ask(answer.question)}>
      <Icon name="again" />
      {words.t("ask_again")}
    </button>
  );
  if (cancelled) {
    const stopped = words.t(`stage_${cancelled.stopped}`) || cancelled.stopped;
    return (
      <div className="failure stopped">
        <p>{words.t("stopped", { stopped, time: duration(words, cancelled.after_ms) })}</p>
        {again}
      </div>
    );
  }
  if (!failure) return null;
  return (
    <div className="failure">
      <ProblemNote problem={failure} />
      {again}
    </div>
  );
}
