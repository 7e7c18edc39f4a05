import { formats, type Measurement, type Rendition } from '@lathe/contracts';
import { bytes, db, dbtp, lu, lufs, type Quantity, signedDb, textOf } from '../model/format.ts';
import type { Platform } from '../model/state.ts';
import { verdictWords } from '../model/words.ts';
import { Icon } from './icons.tsx';
import { LoudnessRuler } from './loudness-ruler.tsx';
import { Value } from './pieces.tsx';
import { PlaybackTable } from './playback-table.tsx';

type CardProps = {
  name: string;
  before: Measurement;
  rendition: Rendition;
  platforms: Platform[];
  /** Whether this is the one in the player. */
  heard: boolean;
  onListen(): void;
  onDownload(): void;
};

/** One finished file: where it came from, where it is, and what proves it. */
export function RenditionCard({ name, before, rendition, platforms, heard, onListen, onDownload }: CardProps) {
  const { measured, targetLufs, verdict, notReached } = rendition;
  const proven = verdict === 'pass' || verdict === 'corrected';
  return (
    <li className="card" aria-label={name}>
      <header>
        <h3>{name}</h3>
        <p className={proven ? 'verdict proven' : 'verdict not-proven'}>
          <Icon name={proven ? 'tick' : 'note'} /> {verdictWords[verdict]}
        </p>
      </header>
      <p className="big">
        <Value of={lufs(measured.integratedLufs)} />
      </p>
      <LoudnessRuler beforeLufs={before.integratedLufs} afterLufs={measured.integratedLufs} targetLufs={targetLufs} />
      <BeforeAfter before={before} after={measured} />
      {notReached && <p className="not-reached">{notReached.sentence}</p>}
      <Proof rendition={rendition} />
      <PlaybackTable playback={rendition.playback} platforms={platforms} />
      <footer>
        <button type="button" className="primary" onClick={onDownload} aria-label={`Download ${name}`}>
          <Icon name="down" /> Download
        </button>
        <button
          type="button"
          className="plain"
          onClick={onListen}
          aria-pressed={heard}
          aria-label={`Listen to ${name}`}
        >
          {heard ? 'In the player' : 'Listen'}
        </button>
        <p className="hint">
          {formats[rendition.format].name}, {textOf(bytes(rendition.sizeBytes))}
        </p>
      </footer>
    </li>
  );
}

function BeforeAfter({ before, after }: { before: Measurement; after: Measurement }) {
  const rows: [string, Quantity, Quantity][] = [
    ['Loudness', lufs(before.integratedLufs), lufs(after.integratedLufs)],
    ['True peak', dbtp(before.truePeakDbtp), dbtp(after.truePeakDbtp)],
    ['Range', lu(before.loudnessRangeLu), lu(after.loudnessRangeLu)],
    ['Loudest 3 s', lufs(before.maxShortTermLufs), lufs(after.maxShortTermLufs)],
  ];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">
            <span className="spoken">Figure</span>
          </th>
          <th scope="col">Mix</th>
          <th scope="col">Master</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([figure, was, is]) => (
          <tr key={figure}>
            <th scope="row">{figure}</th>
            <td>{was.number}</td>
            <td>
              <Value of={is} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Proof({ rendition: { checks, limiter, gainDb, sha256, filename } }: { rendition: Rendition }) {
  return (
    <>
      <ul className="checks" aria-label="Checks">
        {checks.map(({ passed, sentence }) => (
          <li key={sentence} className={passed ? 'passed' : 'not-passed'}>
            <Icon name={passed ? 'tick' : 'cross'} />
            <span className="spoken">{passed ? 'Passed: ' : 'Not passed: '}</span>
            {sentence}
          </li>
        ))}
      </ul>
      <details className="more">
        <summary>How it got there</summary>
        <p>
          Gain {textOf(signedDb(gainDb))}. The limiter held back {textOf(db(limiter.maxReductionDb))} at most and{' '}
          {textOf(db(limiter.meanReductionDb))} on average.
        </p>
        <p className="fingerprint">
          {filename}
          <br />
          SHA-256 <code>{sha256}</code>
        </p>
      </details>
    </>
  );
}
