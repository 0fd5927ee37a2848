import { useState } from "react";
import { Problem, type Client } from "../client";
import type { Words } from "../words/words";

interface Props {
  client: Client;
  words: Words;
  problem: Problem;
  onSignedIn: () => void;
}

/** Nobody has signed in: says how, and takes a token. */
export function SignIn({ client, words, problem, onSignedIn }: Props) {
  const [wrong, setWrong] = useState("");
  const submit = async (form: HTMLFormElement) => {
    const token = String(new FormData(form).get("token") ?? "").trim();
    if (!token) return;
    try {
      await client.post("session", { token });
      onSignedIn();
    } catch (error) {
      setWrong((error instanceof Problem && error.status === 401 && words.t("wrong_token")) || words.t("failed"));
    }
  };
  return (
    <main className="sign-in">
      <h1>{words.t("sign_in")}</h1>
      <div id="trouble" role="alert">
        <p>{problem.detail}</p>
        <p className="hint">{problem.hint}</p>
      </div>
      {!client.token && (
        <form onSubmit={(event) => (event.preventDefault(), void submit(event.currentTarget))}>
          <label>
            <span>{words.t("token")}</span>
            <input name="token" type="password" autoComplete="current-password" required autoFocus />
          </label>
          <button type="submit" className="primary">
            {words.t("sign_in")}
          </button>
          <p className="bad" role="status">
            {wrong}
          </p>
        </form>
      )}
    </main>
  );
}
