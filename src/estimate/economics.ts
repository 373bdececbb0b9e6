/** What running a part costs, how long a battery lasts, and when a dearer part has paid for itself. */
import { type Assumptions, valuesOf } from './assumptions.ts';

/** What is sold: energy of an image, speed, price, development. */
export interface Part {
  readonly name: string;
  readonly energyPerImageJ: number;
  /** Undefined: too slow a part is not found out. */
  readonly imagesPerSecond: number | undefined;
  readonly sleepW: number;
  readonly unitPrice: number;
  readonly development: number;
}

/** What a part costs to run. */
export interface RunningCost {
  readonly name: string;
  /** Share of the time that it works at the images a second that are asked for; above 1 it can't. */
  readonly dutyCycle: number | undefined;
  /** Mean power from the battery, converter included. */
  readonly meanW: number;
  readonly batteryYears: number;
  /** Energy from the supply and its price, asleep between the images included. */
  readonly kWhPerMillionImages: number;
  readonly moneyPerMillionImages: number;
  /** Unit price and its share of the development. */
  readonly pricePerUnit: number;
  /** Unit and energy over the product's life. */
  readonly moneyPerLifetime: number;
}

const secondsPerYear = 365.25 * 24 * 3600;
const joulePerKWh = 3.6e6;

/** Mean power, battery life and money of a part, at the images a second that are asked for. */
export function runningCost(part: Part, assumptions: Assumptions): RunningCost {
  const economics = valuesOf<'economics'>(assumptions.economics);
  const { imagesPerSecond, batteryWh, supplyEfficiency, electricityPerKWh, lifetimeYears, units } = economics;
  const meanW = (part.energyPerImageJ * imagesPerSecond + part.sleepW) / supplyEfficiency;
  const kWhPerMillionImages = ((meanW / imagesPerSecond) * 1e6) / joulePerKWh;
  const pricePerUnit = part.unitPrice + part.development / units;
  const lifetimeKWh = (meanW * lifetimeYears * secondsPerYear) / joulePerKWh;
  return {
    name: part.name,
    dutyCycle: part.imagesPerSecond === undefined ? undefined : imagesPerSecond / part.imagesPerSecond,
    meanW,
    batteryYears: (batteryWh * 3600) / meanW / secondsPerYear,
    kWhPerMillionImages,
    moneyPerMillionImages: kWhPerMillionImages * electricityPerKWh,
    pricePerUnit,
    moneyPerLifetime: pricePerUnit + lifetimeKWh * electricityPerKWh,
  };
}

/** When the MTJ part pays for itself. */
export interface BreakEven {
  /** What one unit of the MTJ part costs more. */
  readonly extraPrice: number;
  /** Money that one image saves in electricity. */
  readonly savedPerImage: number;
  /** Images after which the extra price is saved; undefined: never. */
  readonly images: number | undefined;
  /** Years at the images a second that are asked for; undefined: never. */
  readonly years: number | undefined;
  /** Images a second at which it is saved within the product's life; undefined: at none. */
  readonly imagesPerSecondWithinLife: number | undefined;
}

/** When does the MTJ part pay for itself by its electricity alone? */
export function breakEven(mtj: Part, cmos: Part, assumptions: Assumptions): BreakEven {
  const economics = valuesOf<'economics'>(assumptions.economics);
  const { imagesPerSecond, supplyEfficiency, electricityPerKWh, lifetimeYears, units } = economics;
  const price = (part: Part) => part.unitPrice + part.development / units;
  const extraPrice = price(mtj) - price(cmos);
  const moneyPerJ = electricityPerKWh / supplyEfficiency / joulePerKWh;
  const sleepJ = (cmos.sleepW - mtj.sleepW) / imagesPerSecond;
  const savedPerImage = (cmos.energyPerImageJ - mtj.energyPerImageJ + sleepJ) * moneyPerJ;
  if (extraPrice <= 0) {
    return { extraPrice, savedPerImage, images: 0, years: 0, imagesPerSecondWithinLife: 0 };
  }
  const images = savedPerImage > 0 ? extraPrice / savedPerImage : undefined;
  const lifeS = lifetimeYears * secondsPerYear;
  const activeJ = cmos.energyPerImageJ - mtj.energyPerImageJ;
  const neededW = extraPrice / moneyPerJ / lifeS - (cmos.sleepW - mtj.sleepW);
  return {
    extraPrice,
    savedPerImage,
    images,
    years: images === undefined ? undefined : images / imagesPerSecond / secondsPerYear,
    imagesPerSecondWithinLife: activeJ > 0 ? Math.max(0, neededW) / activeJ : undefined,
  };
}
