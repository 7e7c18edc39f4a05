import { runTask } from '@lathe/mastering';
import { type Command, parse } from './command.ts';
import { orderOf, orderOptions, referencesOf } from './order.ts';
import { planLines } from './tables.ts';

/** `lathe plan FILE`: what would be done, and why; nothing is rendered. Into a file or a pipe it goes as JSON. */
export const planCommand: Command = async (args, watch) => {
  const { file, values } = parse(args, orderOptions);
  const { plan } = await runTask(
    { kind: 'plan', sourcePath: file, order: orderOf(values), references: referencesOf(values) },
    watch,
  );
  return { object: plan, text: planLines(plan), jsonInPipe: true };
};
