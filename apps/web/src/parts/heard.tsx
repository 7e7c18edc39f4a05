import type { Analysis } from '@lathe/contracts';
import { db, dbtp, formatNumber, lu, lufs, type Quantity, textOf } from '../model/format.ts';
import { loudnessSentence, peakSentence, rangeSentence, stereoSentence, toneSentence } from '../model/words.ts';
import { Icon } from './icons.tsx';
import { Section, Value } from './pieces.tsx';
import { TonePlot } from './tone-plot.tsx';

/** What the engine heard in the mix: advice first, figures after. */
export function Heard({ analysis }: { analysis: Analysis }) {
  const { loudness, stereo, tone } = analysis;
  return (
    <Section title="Your mix" lead="What Lathe hears in it, before anything is done.">
      <AdviceList advice={analysis.advice} />
      <div className="figures">
        <Figure name="Loudness" value={lufs(loudness.integratedLufs)} sentence={loudnessSentence(loudness)} />
        <Figure name="True peak" value={dbtp(loudness.truePeakDbtp)} sentence={peakSentence(loudness)} />
        <Figure name="Loudness range" value={lu(loudness.loudnessRangeLu)} sentence={rangeSentence(loudness)} />
        <Figure
          name="Stereo correlation"
          value={{ number: formatNumber(stereo.correlation, 2), unit: '' }}
          sentence={stereoSentence(stereo)}
        />
      </div>
      <figure className="tone">
        <figcaption>
          <h3>Tone</h3>
          <p>{toneSentence(tone)}</p>
        </figcaption>
        {tone.bands.length > 0 && <TonePlot tone={tone} />}
      </figure>
      <details className="more">
        <summary>All figures</summary>
        <AllFigures analysis={analysis} />
      </details>
    </Section>
  );
}

function AdviceList({ advice }: { advice: Analysis['advice'] }) {
  if (advice.length === 0) {
    return (
      <ul className="advice">
        <li className="fine">
          <span className="badge">
            <Icon name="tick" />
          </span>
          Nothing stands in the way of a good master.
        </li>
      </ul>
    );
  }
  return (
    <ul className="advice">
      {advice.map(({ code, severity, sentence }) => (
        <li key={code} className={severity}>
          <span className="badge">
            <Icon name="note" />
          </span>
          {sentence}
        </li>
      ))}
    </ul>
  );
}

function Figure({ name, value, sentence }: { name: string; value: Quantity; sentence: string }) {
  return (
    <div className="figure">
      <h3>{name}</h3>
      <p className="big">
        <Value of={value} />
      </p>
      <p>{sentence}</p>
    </div>
  );
}

function AllFigures({ analysis: { loudness, stereo, dynamics, defects } }: { analysis: Analysis }) {
  const rows: [string, string][] = [
    ['Loudest 400 ms', textOf(lufs(loudness.maxMomentaryLufs))],
    ['Loudest 3 s', textOf(lufs(loudness.maxShortTermLufs))],
    ['Sample peak', textOf({ ...db(loudness.samplePeakDbfs), unit: 'dBFS' })],
    ['Peak to loudness', textOf(db(dynamics.plrDb))],
    ['Smallest peak to loudness', textOf(db(dynamics.psrDb))],
    ['Crest factor', textOf(db(dynamics.crestFactorDb))],
    ['Sides against centre', textOf(db(stereo.sideToMidDb))],
    ['Correlation of the lows', formatNumber(stereo.lowCorrelation, 2)],
    ['Left against right', textOf(db(stereo.balanceDb))],
    ['Lost in mono', textOf(db(stereo.monoFoldDownLossDb))],
    ['Clipped places', String(defects.clippedRuns)],
    ['Clicks', String(defects.clicks)],
    ['Silence at the head', textOf({ number: defects.headSilenceSeconds.toFixed(1), unit: 's' })],
    ['Silence at the tail', textOf({ number: defects.tailSilenceSeconds.toFixed(1), unit: 's' })],
  ];
  return (
    <dl className="all-figures">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
