import type { LatheClient } from '@lathe/client';
import type { Preview } from '@lathe/contracts';
import { usePreview } from '../effects/use-preview.ts';
import { formatNumber } from '../model/format.ts';
import { PlayButton, SideSwitch, useListeningKeys } from './listening-deck.tsx';
import { Wrong } from './pieces.tsx';

type DeckProps = { client: LatheClient; masterId: string; preview: Preview };

/** What the master will be, to be heard while it is made; the finished files take its place. */
export function PreviewDeck({ client, masterId, preview }: DeckProps) {
  const listening = usePreview(client, masterId);
  useListeningKeys(listening);
  return (
    <div className="preview">
      <p>Listen already: {formatNumber(preview.durationSeconds, 0)} seconds of what it will be.</p>
      <div className="transport">
        <PlayButton listening={listening} />
        <SideSwitch listening={listening} name="Mix" />
        <p className="hint matched">{matchedSentence(preview)}</p>
      </div>
      <Wrong sentence={listening.wrong} />
    </div>
  );
}

function matchedSentence({ gainDb }: Preview): string {
  const louderDb = gainDb.mix - gainDb.master;
  if (Math.abs(louderDb) < 0.05) return 'Both play at the same loudness.';
  const course = louderDb > 0 ? 'louder' : 'quieter';
  return `Equally loud here. The master will be about ${formatNumber(Math.abs(louderDb))}\u00a0dB ${course}.`;
}
