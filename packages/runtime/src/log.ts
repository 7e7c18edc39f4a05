import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

export type Log = Logger;

const censor = '[redacted]';

/** Fields that are secret whatever they hold. */
const secretFields = ['authorization', 'cookie', 'secret', 'secretAccessKey', 'password', 'signature'].flatMap(
  (field) => [field, `*.${field}`, `*.*.${field}`],
);

/** Secrets that travel inside text: API keys, webhook secrets, passwords in addresses, signatures of signed addresses. */
const secretsInText: [RegExp, string][] = [
  [/lathe_(live|test)_[0-9A-Za-z]+/g, `lathe_$1_${censor}`],
  [/whsec_[0-9A-Za-z+/=]+/g, `whsec_${censor}`],
  [/(:\/\/[^\s:/@"]*:)[^\s@"]+@/g, `$1${censor}@`],
  [/([?&](?:X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|signature|sig|token)=)[^&\s"\\]+/gi, `$1${censor}`],
];

/** Takes every secret out of a line of text. */
export const withoutSecrets = (line: string): string =>
  secretsInText.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);

/** A log of JSON lines, on stdout unless told otherwise, in which no secret can appear. */
export function createLog(options: { level: LogLevel; name: string; destination?: DestinationStream }): Log {
  const { level, name, destination } = options;
  const settings = {
    level,
    name,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretFields, censor },
    hooks: { streamWrite: withoutSecrets },
  };
  return destination ? pino(settings, destination) : pino(settings);
}
