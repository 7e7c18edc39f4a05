import type { Progress } from '@lathe/mastering';

const width = 28;
const words: Record<Progress['stage'], string> = {
  analysing: 'listening',
  rendering: 'mastering',
  verifying: 'proving',
};

/** A line that fills up on a terminal; nothing at all in a pipe. */
export function createProgressBar(stream: NodeJS.WriteStream, wanted: boolean) {
  const visible = wanted && stream.isTTY;
  return {
    tell: ({ stage, fraction }: Progress): void => {
      if (!visible) return;
      const filled = Math.round(width * fraction);
      const bar = '━'.repeat(filled).padEnd(width, '─');
      stream.write(`\r  ${bar} ${Math.round(100 * fraction)} % ${words[stage]}\x1b[K`);
    },
    clear: (): void => {
      if (visible) stream.write('\r\x1b[K');
    },
  };
}
