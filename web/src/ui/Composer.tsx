// Where questions are written: Enter sends, Shift+Enter breaks the line, arrow-up brings earlier questions back, Stop
// stands in for Send while a run works. What will be asked stands beside it.

import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from "react";
import { readHistory, remember } from "../preferences";
import type { Snapshot } from "../thread";
import { useSite } from "./context";
import { Icon } from "./Icon";
import { ProblemNote } from "./Problem";
import { SourceTicks, type Ticks } from "./ticks";

export interface ComposerHandle {
  focus: () => void;
}

interface Props {
  state: Snapshot;
  ticks: Ticks;
  note: string;
  onFiles: (files: File[]) => void;
  handle: Ref<ComposerHandle>;
}

export function Composer({ state, ticks, note, onFiles, handle }: Props) {
  const { words, thread, ask, info } = useSite();
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const back = useRef(-1);
  useImperativeHandle(handle, () => ({ focus: () => box.current?.focus({ preventScroll: true }) }), []);
  useLayoutEffect(() => {
    const place = box.current;
    if (!place) return;
    place.style.height = "auto";
    place.style.height = `${place.scrollHeight}px`;
  }, [text]);
  useKeptFocus(state.running, box);

  const submit = async () => {
    const question = text.trim();
    if (!question || state.running) return;
    setText("");
    back.current = -1;
    remember(question);
    // What could not be asked comes back, unless something else was written meanwhile.
    if (!(await ask(question))) setText((now) => now || question);
  };
  const recall = (step: number) => {
    const earlier = readHistory();
    const next = Math.max(-1, Math.min(earlier.length - 1, back.current + step));
    if (next === back.current) return false;
    back.current = next;
    setText(earlier[next] ?? "");
    return true;
  };
  const keys = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const unmoved = text === "" || (back.current >= 0 && selectionStart === selectionEnd);
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) event.preventDefault(), void submit();
    else if (event.key === "ArrowUp" && unmoved) recall(1) && event.preventDefault();
    else if (event.key === "ArrowDown" && back.current >= 0) recall(-1) && event.preventDefault();
    else if (event.key === "Escape" && state.running) void thread.stop();
  };
  const tooLong = text.length > info.question_length;
  return (
    <form id="composer" className="composer" onSubmit={(event) => (event.preventDefault(), void submit())}>
      {state.problem && (
        <div className="trouble">
          <ProblemNote problem={state.problem} id="trouble" />
          <button type="button" className="round" aria-label={words.t("close")} onClick={() => thread.dismiss()}>
            <Icon name="close" />
          </button>
        </div>
      )}
      {(state.lost || note) && (
        <p className="note" id="note" role="status">
          {state.lost ? words.t("reconnecting") : note}
        </p>
      )}
      <div className="bar">
        <textarea
          id="question"
          ref={box}
          rows={1}
          enterKeyHint="send"
          autoComplete="off"
          aria-label={words.t("question")}
          placeholder={words.t("question_place")}
          aria-invalid={tooLong || undefined}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={keys}
        />
        <div className="bar-foot">
          <button type="button" className="round" id="attach" aria-label={words.t("attach")} title={words.t("attach")} onClick={() => files.current?.click()}>
            <Icon name="clip" />
          </button>
          <SourceTicks ticks={ticks} />
          <span className="spring faint" aria-hidden="true">
            {words.t(state.running ? "keys_stop" : "keys_send")}
          </span>
          {state.running ? (
            <button type="button" className="round stop" id="stop" disabled={state.stopping} aria-label={words.t("stop")} title={words.t("stop")} onClick={() => void thread.stop()}>
              <Icon name="stop" />
            </button>
          ) : (
            <button type="submit" className="round send" id="send" aria-label={words.t("send")} title={words.t("send")} disabled={!text.trim()}>
              <Icon name="send" />
            </button>
          )}
        </div>
      </div>
      <input
        type="file"
        id="file"
        ref={files}
        multiple
        hidden
        aria-label={words.t("attach")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </form>
  );
}

/** The focus on Stop goes back to the box when Stop goes. */
function useKeptFocus(running: boolean, box: React.RefObject<HTMLTextAreaElement | null>): void {
  const was = useRef(running);
  useEffect(() => {
    const ended = was.current && !running;
    was.current = running;
    const root = box.current?.getRootNode() as ShadowRoot | Document | undefined;
    if (ended && root && !root.activeElement) box.current?.focus({ preventScroll: true });
  }, [running, box]);
}
