import type { Analysis } from '@lathe/contracts';
import { db, dbtp, formatNumber, hertz, lu, lufs, type Quantity, textOf } from '../model/format.ts';
import {
  kindSentence,
  loudnessSentence,
  peakSentence,
  rangeSentence,
  stereoSentence,
  structureSentence,
  textureSentence,
  toneSentence,
} from '../model/words.ts';
import { Icon } from './icons.tsx';
import { LoudnessPlot } from './loudness-plot.tsx';
import { Section, Value } from './pieces.tsx';
import { RegionTable } from './region-table.tsx';
import { TonePlot } from './tone-plot.tsx';

type HeardProps = { analysis: Analysis };

/** What the engine heard in the mix: advice first, figures after. */
export function Heard({ analysis }: HeardProps) {
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
          <p>
            {toneSentence(tone)} {tone.bands.length > 0 && 'A stroke shows how far a band moves in the loud parts.'}
          </p>
        </figcaption>
        {tone.bands.length > 0 && <TonePlot tone={tone} />}
      </figure>
      <figure className="tone">
        <figcaption>
          <h3>Course</h3>
          <p>{structureSentence(analysis)}</p>
        </figcaption>
        <LoudnessPlot analysis={analysis} />
      </figure>
      {loudness.integratedLufs !== null && (
        <div className="character">
          <h3>Character</h3>
          <p>
            {kindSentence(analysis.kind)} {textureSentence(analysis.texture)}
          </p>
          <RegionTable analysis={analysis} />
        </div>
      )}
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

function AllFigures({ analysis: { loudness, stereo, dynamics, texture, kind, source, defects } }: HeardProps) {
  const rows: [string, string][] = [
    ['Loudest 400 ms', textOf(lufs(loudness.maxMomentaryLufs))],
    ['Loudest 3 s', textOf(lufs(loudness.maxShortTermLufs))],
    ['Sample peak', textOf({ ...db(loudness.samplePeakDbfs), unit: 'dBFS' })],
    ['Peak to loudness', textOf(db(dynamics.plrDb))],
    ['Smallest peak to loudness', textOf(db(dynamics.psrDb))],
    ['Crest factor', textOf(db(dynamics.crestFactorDb))],
    ['Spread of the level', textOf(db(texture.levelDeviationDb))],
    ['Onsets', textOf({ number: formatNumber(texture.onsetsPerSecond), unit: 'a second' })],
    ['Steadiness of the pulse, 0 to 1', formatNumber(texture.pulse, 2)],
    ['Evenness of the spectrum', textOf(db(texture.flatnessDb))],
    ['Produced 0 to acoustic 1', formatNumber(kind.acoustic, 2)],
    ['Sides against centre', textOf(db(stereo.sideToMidDb))],
    ['Correlation of the lows', formatNumber(stereo.lowCorrelation, 2)],
    ['Left against right', textOf(db(stereo.balanceDb))],
    ['Lost in mono', textOf(db(stereo.monoFoldDownLossDb))],
    ['File', source.file ? `${source.file.format} (${source.file.codec})` : '–'],
    ['Sound ends at', source.cutoffHz === null ? 'no edge' : textOf(hertz(source.cutoffHz))],
    [
      'Word length',
      source.wordBits === null ? 'floating point' : textOf({ number: String(source.wordBits), unit: 'bits' }),
    ],
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
