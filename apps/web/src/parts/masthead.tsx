import type { Lathe } from '../effects/use-lathe.ts';
import { forgetKey } from '../effects/use-lathe.ts';
import { Logo } from './icons.tsx';

export function Masthead({ lathe: { state, dispatch } }: { lathe: Lathe }) {
  return (
    <header className="masthead">
      <p className="wordmark">
        <Logo />
        Lathe
      </p>
      {state.key !== null && state.catalogue && (
        <p className="key-in-use">
          <span>
            Key <code>…{state.key.slice(-4)}</code>
          </span>
          <button type="button" className="quiet" onClick={() => forgetKey(dispatch)}>
            Sign out
          </button>
        </p>
      )}
    </header>
  );
}
