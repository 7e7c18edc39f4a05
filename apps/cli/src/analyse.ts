import { runTask } from '@lathe/mastering';
import { type Command, parse } from './command.ts';
import { analysisTable } from './tables.ts';

/** `lathe analyse FILE`: what the engine hears, and what it advises. */
export const analyseCommand: Command = async (args, watch) => {
  const { file } = parse(args, {});
  const { analysis, sha256 } = await runTask({ kind: 'analyse', sourcePath: file }, watch);
  return { object: { ...analysis, sha256 }, text: analysisTable(analysis) };
};
