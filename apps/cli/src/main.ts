/** `lathe`: masters a file with no service at all, or starts the service. */
import { run } from './run.ts';

process.exitCode = await run(process.argv.slice(2), process);
// Nothing is left to do; a terminal or a pipe must not keep the process.
if (process.connected) process.disconnect();
