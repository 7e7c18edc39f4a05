import type { Master, MasteringPlan } from '@lathe/contracts';
import { sentenceOf } from './sentence.ts';
import type { Lathe } from './use-lathe.ts';

/** Orders the same again with another plan; the master stays, to be compared with. */
export async function remake({ client, dispatch }: Lathe, before: Master, plan: MasteringPlan): Promise<void> {
  if (!client) return;
  dispatch({ type: 'put-right', at: 'plan' });
  try {
    const master = await client.masters.create({ ...before.order, mixId: before.mixId, plan });
    dispatch({ type: 'remade', master, before });
  } catch (error) {
    dispatch({ type: 'went-wrong', at: 'plan', sentence: sentenceOf(error) });
  }
}
