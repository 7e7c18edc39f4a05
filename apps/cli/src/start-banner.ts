import { styleText } from 'node:util';

export type BannerFacts = {
  url: string;
  key: string;
  dataFolder: string;
  seconds: number;
};

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** Colours on a terminal, plain text elsewhere. */
export const paintFor = (stream: NodeJS.WriteStream): Paint =>
  stream.isTTY ? (style, text) => styleText(style, text, { stream }) : (_style, text) => text;

/** What a person needs to know once everything runs. */
export function banner({ url, key, dataFolder, seconds }: BannerFacts, paint: Paint): string {
  const row = (label: string, value: string) => `  ${paint('dim', label.padEnd(9))}${value}`;
  return [
    '',
    `  ${paint('bold', 'Lathe')} is ready ${paint('dim', `(${seconds.toFixed(1)} s)`)}`,
    '',
    row('Website', paint(['bold', 'cyan'], `${url}/#key=${key}`)),
    row('API', `${url}/v1`),
    row('API key', key),
    row('Docs', `${url}/docs`),
    row('Data', dataFolder),
    '',
    `  ${paint('dim', 'Ctrl-C stops it.')}`,
    '',
  ].join('\n');
}
