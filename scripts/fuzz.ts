/**
 * Damaged files of every format that Lathe reads: `npm run fuzz -- --count 5000 --seed 1 --from 0`. Ends with 1 if any of them brings a
 * reader down, keeps it longer than the limit, ends without a stable code, or takes more memory than an order may.
 */
import { parseArgs } from 'node:util';
import { fuzz } from '../packages/codec/test/fuzz/fuzz.ts';

const maxMegabytes = 512;

const number = (name: string, value: string): number => {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 0) throw new Error(`--${name} is a whole number.`);
  return parsed;
};

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    'limit-ms': { type: 'string', default: '20000' },
  },
});
const result = await fuzz({
  count: number('count', values.count),
  seed: number('seed', values.seed),
  from: number('from', values.from),
  limitMs: number('limit-ms', values['limit-ms']),
  onProgress: (done) => done % 100 === 0 && process.stderr.write(`\r${done} files`),
});
process.stderr.write('\n');
console.log(JSON.stringify(result, null, 2));
process.exitCode = result.strange.length > 0 || result.peakMegabytes > maxMegabytes ? 1 : 0;
