import type { FormEvent } from 'react';
import type { Lathe } from '../effects/use-lathe.ts';
import { Wrong } from './pieces.tsx';

/** Asks for the API key, when the address did not bring one. */
export function KeyForm({ lathe: { state, dispatch } }: { lathe: Lathe }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key') ?? '').trim();
    if (key !== '') dispatch({ type: 'key-given', key });
  };
  return (
    <form className="key-form" onSubmit={submit} autoComplete="off">
      <label htmlFor="key">API key</label>
      <div className="key-row">
        <input
          id="key"
          name="key"
          type="password"
          placeholder="lathe_live_…"
          aria-describedby="key-hint"
          spellCheck={false}
          autoComplete="off"
          required
        />
        <button type="submit" className="primary">
          Open
        </button>
      </div>
      <p id="key-hint" className="hint">
        It is printed when Lathe starts, and stays in this browser.
      </p>
      <Wrong sentence={state.wrong.key} />
    </form>
  );
}
