import type { Commands } from './commands';
import type { Figures, Growth } from './figures';
import { type Spelling, spellings } from './input';
import { median, ratio, type Sample, type Spread, spread } from './measure';

/** A figure that has a limit. */
export interface Limit {
  readonly what: string;
  /** What the figure should be. @default the limit */
  readonly goal?: number;
  readonly limit: number;
  readonly unit?: 'µs' | 's' | 'MB';
  readonly measured: Spread;
}

/** The number of objects for which the limits apply. */
const many = 100_000;

export const spellingNames: Readonly<Record<Spelling, string>> = {
  block: 'block style',
  flow: 'flow style',
  files: 'one file for each cluster',
};
export const graphNames = {
  chain: '10,000 people in a chain of 1,000 groups',
  dense: '2,000 people in 1,000 groups, each group with all earlier groups as members',
} as const;

/** Returns the CPU time of each object, in µs. */
export const perObject = ({ first, objects }: Growth): Spread => spread(first.map(({ cpu }) => (cpu / objects) * 1e6));

export function limits({ startUp, beside, growth, commands, graphs }: Figures): Limit[] {
  const fleets = growth.filter(({ objects }) => objects >= many);
  const large = beside.filter(({ objects }) => objects >= 1000);
  return [
    ...startUp.map(({ version, samples }) => ({
      what: `CPU of \`kaniflux synth\` on the home lab, relative to \`node -e 0\`, Node ${version}`,
      goal: 1.8,
      limit: 2.2,
      measured: ratio(samples.synth, samples.node, 'cpu'),
    })),
    ...fleets.flatMap((fleet) => [
      {
        what: `CPU for each of 100,000 objects, ${named(fleet)}`,
        goal: 40,
        limit: 60,
        unit: 'µs' as const,
        measured: perObject(fleet),
      },
      {
        what: `Maximum memory for 100,000 objects, ${named(fleet)}`,
        limit: 250,
        unit: 'MB' as const,
        measured: highest(fleet.first.map(({ memory }) => memory)),
      },
    ]),
    relative(commands, 'check', 'synth', 0.5),
    relative(commands, 'whoCan', 'synth', 0.5),
    relative(commands, 'diff', 'read', 1.3),
    relative(commands, 'checkBase', 'read', 1.3),
    ...graphs.flatMap(({ shape, samples }) => {
      const all = Object.values(samples);
      return [
        {
          what: `CPU of the slowest command, ${graphNames[shape]}`,
          limit: 3,
          unit: 's' as const,
          measured: highest(all.map(({ cpu }) => cpu)),
        },
        {
          what: `Maximum memory, ${graphNames[shape]}`,
          limit: 300,
          unit: 'MB' as const,
          measured: highest(all.map(({ memory }) => memory)),
        },
      ];
    }),
    ...(['wall', 'cpu'] as const).flatMap((what) =>
      large.map(({ objects, samples: { kaniflux = [], helm = [], helm4 = [] } }) => ({
        what: `${what === 'wall' ? 'Time' : 'CPU'} of \`kaniflux synth\`, relative to the faster of \`helm template\` 3 and 4, ${objects.toLocaleString('en')} objects`,
        limit: 1,
        measured: worst([ratio(kaniflux, helm, what), ratio(kaniflux, helm4, what)]),
      })),
    ),
  ];
}

const named = ({ spelling, hasWarning }: Growth): string =>
  `${spellingNames[spelling]}${hasWarning ? ', with one warning' : ''}`;

const commandTitles = {
  check: 'CPU of `check`',
  whoCan: 'CPU of `who-can get secrets`',
  diff: 'CPU of `diff` of one grant',
  checkBase: 'CPU of `check --base` after one grant changed',
} as const;

/**
 * Compares the time of a command with the time of `synth`, or with twice the time for reading the config. The result is
 * for the spelling with the highest quotient.
 */
function relative(
  commands: readonly Commands[],
  name: keyof typeof commandTitles,
  base: 'synth' | 'read',
  limit: number,
): Limit {
  const factor = base === 'read' ? 2 : 1;
  const spreads = commands.map(({ samples }) => {
    const { median, least, most } = ratio(samples[name], samples[base], 'cpu');
    return { median: median / factor, least: least / factor, most: most / factor };
  });
  const measured = worst(spreads);
  const spelling = commands[spreads.indexOf(measured)]?.spelling ?? spellings[0];
  const beside = base === 'read' ? 'reading the config twice' : '`synth`';
  return {
    what: `${commandTitles[name]}, relative to ${beside}; the slowest style of the config: ${spellingNames[spelling]}`,
    limit,
    measured,
  };
}

const worst = (spreads: readonly Spread[]): Spread => spreads.reduce((a, b) => (b.median > a.median ? b : a));

/** A figure of which the highest measurement counts. */
const highest = (numbers: readonly number[]): Spread => ({ ...spread(numbers), median: Math.max(...numbers) });

export const of = (samples: readonly Sample[], what: keyof Sample): number =>
  median(samples.map((sample) => sample[what]));
