/**
 * What an artist can ask for. The numbers behind each style live in the engine, but for the loudness of masters that are
 * played as they are (downloads, CD): from −10 LUFS, dense, to −16, dynamic.
 */
export const styles = {
  natural: {
    name: 'Natural',
    intendedLufs: -13,
    description: 'Keeps the tone of the mix and only corrects what stands out.',
  },
  warm: { name: 'Warm', intendedLufs: -13, description: 'A little more weight in the lows and a softer top.' },
  bright: { name: 'Bright', intendedLufs: -12, description: 'A little more air and presence.' },
  punchy: { name: 'Punchy', intendedLufs: -11, description: 'A firmer low end, less mud, and room for the attack.' },
  loud: { name: 'Loud', intendedLufs: -10, description: 'Denser, and ready to be limited hard without falling apart.' },
  acoustic: {
    name: 'Acoustic',
    intendedLufs: -15,
    description: 'Jazz, folk, voice: gentle moves, no compression, the room stays.',
  },
  classical: {
    name: 'Classical',
    intendedLufs: -16,
    description: 'Hands off: no tonal moves at all, only level and a safe ceiling.',
  },
} as const satisfies Record<string, { name: string; intendedLufs: number; description: string }>;

export type StyleId = keyof typeof styles;
export const styleIds = Object.keys(styles) as [StyleId, ...StyleId[]];
