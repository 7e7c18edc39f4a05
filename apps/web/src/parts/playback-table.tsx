import type { Playback } from '@lathe/contracts';
import { lufs, signedDb, textOf } from '../model/format.ts';
import { playedName } from '../model/order.ts';
import type { Platform } from '../model/state.ts';
import { Value } from './pieces.tsx';

/** What each platform will do to a master, and how loud it is there. */
export function PlaybackTable({ playback, platforms }: { playback: readonly Playback[]; platforms: Platform[] }) {
  if (playback.length === 0) return null;
  return (
    <details className="more">
      <summary>How it will be played</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Platform</th>
            <th scope="col">Change</th>
            <th scope="col">Loudness</th>
          </tr>
        </thead>
        <tbody>
          {playback.map((played) => (
            <tr key={`${played.platform} ${played.mode}`} title={played.sentence}>
              <th scope="row">{playedName(played, platforms)}</th>
              <td>{played.outcome === 'untouched' ? 'as it is' : changeOf(played)}</td>
              <td>
                <Value of={lufs(played.playedLufs)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const changeOf = ({ gainDb, outcome }: Playback): string =>
  outcome === 'limited' ? `${textOf(signedDb(gainDb))}, limited` : textOf(signedDb(gainDb));
