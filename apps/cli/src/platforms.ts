import { type PlatformEntry, platformEntries } from '@lathe/contracts';
import { type Command, parseOptions, UsageError } from './command.ts';
import { columns, decibel } from './tables.ts';

/** `lathe platforms`: where masters go, what is made for each, how it is played, and where that was read. */
export const platformsCommand: Command = async (args) => {
  const { positionals } = parseOptions(args, {});
  if (positionals.length > 0) throw new UsageError(`lathe platforms takes no arguments: what is “${positionals[0]}”?`);
  return { object: { data: platformEntries }, text: platformsText() };
};

function platformsText(): string {
  const head = ['id', 'loudness', 'ceiling', 'file', 'checked on', 'source'];
  const rows = platformEntries.map((platform) => {
    const { id, targetLufs, ceilingDbtp, checkedOn, source } = platform;
    const loudness = targetLufs === null ? 'as the style' : decibel(targetLufs, 'LUFS', 0);
    return [id, loudness, decibel(ceilingDbtp, 'dBTP'), fileOf(platform), checkedOn, source];
  });
  const notes = platformEntries.map(({ id, playback }) => `  ${id}: ${playback}`);
  return [...columns([head, ...rows]), '', ...notes].join('\n');
}

const fileOf = ({ sampleRateHz, wordLengthBits }: PlatformEntry): string =>
  sampleRateHz === null ? 'as ordered' : `${sampleRateHz / 1000} kHz, ${wordLengthBits} bit`;
