/** Physical constants, SI (CODATA 2018; the first two are exact). */
export const boltzmannJPerK = 1.380649e-23;
export const electronChargeC = 1.602176634e-19;
export const bohrMagnetonAM2 = 9.2740100783e-24;
export const vacuumPermeability = 1.25663706212e-6;
/** Of the electron's spin, rad/(s T). */
export const gyromagneticRatio = 1.76085963023e11;
/** The same for a field in A/m: rad m/(s A). */
export const gyromagneticRatioH = gyromagneticRatio * vacuumPermeability;
