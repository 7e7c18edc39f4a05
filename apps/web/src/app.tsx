import { useFollow } from './effects/use-follow.ts';
import { type Lathe, useLathe } from './effects/use-lathe.ts';
import { type References, useReferences } from './effects/use-references.ts';
import { useUpload } from './effects/use-upload.ts';
import { stepOf } from './model/reduce.ts';
import { Heard } from './parts/heard.tsx';
import { Hero } from './parts/hero.tsx';
import { Making } from './parts/making.tsx';
import { Masthead } from './parts/masthead.tsx';
import { OrderForm } from './parts/order-form.tsx';
import { Recent } from './parts/recent.tsx';
import { Result } from './parts/result.tsx';

/** One song on the bench, from top to bottom: what it is, what was heard, what is asked, what came out. */
export function App() {
  const lathe = useLathe();
  const upload = useUpload(lathe);
  const references = useReferences(lathe);
  useFollow(lathe);
  return (
    <>
      <Masthead lathe={lathe} />
      <main>
        <Hero lathe={lathe} upload={upload} />
        <Bench lathe={lathe} references={references} />
        <Recent lathe={lathe} />
      </main>
      <footer className="foot">
        <p>Every figure on this page was measured on the delivered file: ITU-R BS.1770-5, EBU Tech 3341 and 3342.</p>
        <p>
          <a href="/docs">Programming interface</a>
        </p>
      </footer>
    </>
  );
}

function Bench({ lathe, references }: { lathe: Lathe; references: References }) {
  const { source, making, catalogue } = lathe.state;
  const step = stepOf(lathe.state);
  if (source.kind !== 'mix' || !source.mix.analysis || !catalogue) return null;
  return (
    <>
      {step === 'result' && making.kind === 'master' && (
        <Result lathe={lathe} mix={source.mix} before={source.mix.analysis.loudness} master={making.master} />
      )}
      {step === 'making' && making.kind === 'master' && <Making lathe={lathe} master={making.master} />}
      {step === 'order' && <OrderForm lathe={lathe} references={references} mix={source.mix} catalogue={catalogue} />}
      <Heard analysis={source.mix.analysis} />
    </>
  );
}
