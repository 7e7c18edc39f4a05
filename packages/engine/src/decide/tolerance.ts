// What finished music of the popular kinds usually sounds like, in third-octave bands, and how far it strays from that.
// Shape: a broad maximum near 80–100 Hz, a fall of about 5 dB per octave of the power spectrum (2 dB in third-octave bands)
// up to 4 kHz, and a steeper one above. Source: Pestana et al., "Spectral characteristics of popular commercial
// recordings 1950–2010", AES 135, 2013; Elowsson & Friberg, "Long-term average spectrum in popular music and its relation
// to the level of the percussion", AES 142, 2017. Levels are read off as rounded values; only their shape matters, since
// a mix is compared after its mean level is taken out.

/** One band: the usual level in dB, and how far from it a finished record may lie and still be usual. */
export type ToleranceBand = { centreHz: number; levelDb: number; toleranceDb: number };

// biome-ignore format: a table
const rows: [centreHz: number, levelDb: number, toleranceDb: number][] = [
  [31.5, -17, 9], [40, -13.5, 7.5], [50, -11, 6], [63, -9.8, 5], [80, -9.5, 4.5], [100, -9.8, 4.5], [125, -10.3, 4],
  [160, -11, 4], [200, -11.7, 4], [250, -12.3, 3.5], [315, -13, 3.5], [400, -13.6, 3.5], [500, -14.2, 3.5],
  [630, -14.9, 3.5], [800, -15.6, 3.5], [1000, -16.2, 3.5], [1250, -16.9, 3.5], [1600, -17.6, 3.5], [2000, -18.2, 3.5],
  [2500, -18.9, 3.5], [3150, -19.6, 3.5], [4000, -20.5, 4], [5000, -21.5, 4], [6300, -22.7, 4.5], [8000, -24, 5],
  [10000, -25.6, 5.5], [12500, -28, 6.5], [16000, -32, 9],
];

export const tolerance: readonly ToleranceBand[] = rows.map(([centreHz, levelDb, toleranceDb]) => ({
  centreHz,
  levelDb,
  toleranceDb,
}));
