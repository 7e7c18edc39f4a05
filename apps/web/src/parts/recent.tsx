import { onBench, openMaster } from '../effects/use-follow.ts';
import type { Lathe } from '../effects/use-lathe.ts';
import { orderedName } from '../model/order.ts';
import type { RecentMaster } from '../model/state.ts';
import { stageWords } from '../model/words.ts';
import { Section, Wrong } from './pieces.tsx';

/** The newest masters of this organisation; each can be put back on the bench. */
export function Recent({ lathe }: { lathe: Lathe }) {
  const { recent, catalogue, wrong } = lathe.state;
  if (!catalogue || recent.length === 0) return null;
  return (
    <Section title="Recent masters">
      <ul className="recent">
        {recent.map((item) => (
          <li key={item.master.id}>
            <button
              type="button"
              onClick={() => openMaster(lathe, item)}
              aria-current={onBench(lathe.state, item.master.id) ? 'true' : undefined}
            >
              <span className="recent-name">{item.filename}</span>
              <span className="recent-targets">{targetsOf(item, lathe)}</span>
              <span className="recent-state">{stageWords[item.master.state]}</span>
              <time dateTime={item.master.createdAt}>{dayAndTime(item.master.createdAt)}</time>
            </button>
          </li>
        ))}
      </ul>
      <Wrong sentence={wrong.recent} />
    </Section>
  );
}

function targetsOf({ master }: RecentMaster, { state }: Lathe): string {
  const platforms = state.catalogue?.platforms ?? [];
  return master.order.targets.map((target) => orderedName(target, platforms)).join(', ');
}

const dayAndTime = (timestamp: string): string =>
  new Date(timestamp).toLocaleString(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
