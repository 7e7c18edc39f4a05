import { formatIds, formats } from '@lathe/contracts';
import type { Command } from './command.ts';

/** `lathe formats`: the catalogue of files. */
export const formatsCommand: Command = async () => {
  const catalogue = formatIds.map((id) => ({ id, ...formats[id] }));
  const rows = catalogue.map(
    ({ id, extension, description }) => `  ${id.padEnd(11)}.${extension.padEnd(6)}${description}`,
  );
  return { object: { data: catalogue }, text: rows.join('\n') };
};
