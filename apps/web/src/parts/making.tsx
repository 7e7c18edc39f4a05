import type { Master, MasterState } from '@lathe/contracts';
import { cancelMaster } from '../effects/use-follow.ts';
import type { Lathe } from '../effects/use-lathe.ts';
import { percent } from '../model/format.ts';
import { isEnded } from '../model/reduce.ts';
import { stageWords } from '../model/words.ts';
import { Bar, Section, Wrong } from './pieces.tsx';
import { PreviewDeck } from './preview-deck.tsx';

const way = ['queued', 'analysing', 'rendering', 'verifying'] as const satisfies MasterState[];

/** An order under way, or one that ended without masters. */
export function Making({ lathe, master }: { lathe: Lathe; master: Master }) {
  const { client, dispatch, state } = lathe;
  if (isEnded(master.state)) return <EndedWithout master={master} onAgain={() => dispatch({ type: 'order-anew' })} />;
  return (
    <Section title="Under the needle" lead="You can leave this page and come back: the work goes on.">
      <div className="making">
        <p className="stage" role="status">
          {stageWords[master.state]}
        </p>
        <p className="percent" aria-hidden="true">
          {percent(master.progress)}
        </p>
        <Bar label="Mastering" fraction={master.progress} />
        <Way state={master.state} />
        {client && master.preview && <PreviewDeck client={client} masterId={master.id} preview={master.preview} />}
        <Wrong sentence={state.wrong.master} />
        <button type="button" className="plain" onClick={() => cancelMaster(lathe, master.id)}>
          Cancel
        </button>
      </div>
    </Section>
  );
}

function Way({ state }: { state: MasterState }) {
  const now = (way as readonly MasterState[]).indexOf(state);
  return (
    <ol className="way">
      {way.map((stage, index) => (
        <li
          key={stage}
          className={index < now ? 'past' : index === now ? 'now' : 'next'}
          aria-current={index === now ? 'step' : undefined}
        >
          {stageWords[stage]}
        </li>
      ))}
    </ol>
  );
}

function EndedWithout({ master, onAgain }: { master: Master; onAgain(): void }) {
  return (
    <Section title={master.state === 'failed' ? 'No master' : 'Cancelled'}>
      {master.state === 'failed' ? (
        <Wrong sentence={master.error?.detail ?? 'The master could not be made.'} />
      ) : (
        <p>You stopped this one. Nothing of it was kept.</p>
      )}
      <p className="submit">
        <button type="button" className="primary" onClick={onAgain}>
          Order again
        </button>
      </p>
    </Section>
  );
}
