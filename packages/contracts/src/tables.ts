/** What we promise as data alone, without schemas: for a process that starts often, and is told only what was checked before. */
export * from './deliverables.ts';
export * from './formats.ts';
export * from './limits.ts';
export * from './platforms.ts';
export * from './playback.ts';
export * from './styles.ts';
