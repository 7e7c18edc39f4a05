/** Changes whenever the same mix and the same order would give other bytes. */
export const ENGINE_VERSION = '0.4.0';
