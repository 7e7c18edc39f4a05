import { runTask } from '@lathe/mastering';
import { type Command, parse } from './command.ts';
import { measurementTable } from './tables.ts';

/** `lathe measure FILE`: loudness and peaks of a file as it is. */
export const measureCommand: Command = async (args, watch) => {
  const { file } = parse(args, {});
  const measured = await runTask({ kind: 'measure', sourcePath: file }, watch);
  return { object: measured, text: measurementTable(measured) };
};
