/** Inputs of networks, 2 x 2. */
export const networkInputs = {
  grey: { shape: { height: 2, width: 2, channels: 1 } },
  colour: { shape: { height: 2, width: 2, channels: 3 } },
  vector: { shape: { height: 1, width: 1, channels: 4 } },
  ranged: { shape: { height: 2, width: 2, channels: 1 }, range: { low: [-1], high: [3] } },
  ones: { shape: { height: 2, width: 2, channels: 2 }, hasOnes: true },
} as const;
