import type { Master, Measurement, Mix } from '@lathe/contracts';
import { downloadArchive, downloadRendition, downloadReport } from '../effects/files.ts';
import { sentenceOf } from '../effects/sentence.ts';
import type { Lathe } from '../effects/use-lathe.ts';
import { renditionName } from '../model/order.ts';
import { Compared } from './compared.tsx';
import { Icon } from './icons.tsx';
import { Section, Wrong } from './pieces.tsx';
import { Plan } from './plan.tsx';
import { RenditionCard } from './rendition-card.tsx';

type ResultProps = { lathe: Lathe; mix: Mix; before: Measurement; master: Master };

const reportForms = [
  { form: 'pdf', label: 'Report, PDF' },
  { form: 'html', label: 'Report, web page' },
] as const;

/** The masters, each with its proof, and what was done to get there. */
export function Result({ lathe, mix, before, master }: ResultProps) {
  const name = mix.filename.replace(/\.[^./]*$/, '');
  const { state, dispatch, client } = lathe;
  const platforms = state.catalogue?.platforms ?? [];
  const listeningTo = state.listeningTo ?? master.renditions[0]?.id;
  const attempt = (work: Promise<void> | undefined) => {
    dispatch({ type: 'put-right', at: 'files' });
    work?.catch((error) => dispatch({ type: 'went-wrong', at: 'files', sentence: sentenceOf(error) }));
  };
  return (
    <>
      <Section
        title={master.renditions.length === 1 ? 'Your master' : 'Your masters'}
        lead="Measured again on the finished files."
        aside={
          <p className="aside-buttons">
            <button
              type="button"
              className="plain"
              onClick={() => attempt(client ? downloadArchive(client, master) : undefined)}
            >
              <Icon name="down" /> All as ZIP
            </button>
            {reportForms.map(({ form, label }) => (
              <button
                key={form}
                type="button"
                className="plain"
                onClick={() => attempt(client ? downloadReport(client, master, { form, name }) : undefined)}
              >
                <Icon name="down" /> {label}
              </button>
            ))}
            <button type="button" className="plain" onClick={() => dispatch({ type: 'order-anew' })}>
              New order
            </button>
          </p>
        }
      >
        <Wrong sentence={state.wrong.files} />
        <ul className="cards">
          {master.renditions.map((rendition) => (
            <RenditionCard
              key={rendition.id}
              name={renditionName(rendition, platforms)}
              before={before}
              platforms={platforms}
              rendition={rendition}
              heard={rendition.id === listeningTo}
              onListen={() => dispatch({ type: 'listen-to', renditionId: rendition.id })}
              onDownload={() => attempt(client ? downloadRendition(client, master, rendition) : undefined)}
            />
          ))}
        </ul>
      </Section>
      {state.before && <Compared lathe={lathe} before={state.before} master={master} />}
      {master.plan && <Plan key={master.id} lathe={lathe} master={master} plan={master.plan} />}
    </>
  );
}
