import { cpus } from 'node:os';
import { commandRows } from './commands';
import type { Figures } from './figures';
import { graphNames, type Limit, limits, of, perObject, spellingNames } from './limits';
import { ratio, type Sample, type Spread } from './measure';

const names: Readonly<Record<string, string>> = {
  kaniflux: '`kaniflux synth`',
  cdk8s: '`cdk8s synth`',
  helm: '`helm template` 3',
  helm4: '`helm template` 4',
  jsonnet: '`jsonnet`',
  kustomize: '`kustomize build`',
};

const seconds = (value: number): string => (value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`);
const times = ({ median, least, most }: Spread): string => `${short(median)} (${short(least)} to ${short(most)})`;
const short = (value: number): string =>
  value < 0.1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(0);
const number = (value: number): string => value.toLocaleString('en');
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const head = (...cells: readonly string[]): string => `${row(...cells)}\n${row(...cells.map(() => '---'))}`;

const judged = (value: number, goal: number, limit: number) =>
  value <= goal ? 'the goal is met' : value <= limit ? 'within the limit' : '**over the limit**';

const limitRow = ({ what, limit, goal = limit, unit, measured }: Limit): string => {
  const values = unit === 's' ? times(measured) : unit ? whole(measured) : times(measured);
  const suffix = unit ? ` ${unit}` : '';
  return row(what, `${goal}${suffix}`, `${limit}${suffix}`, `${values}${suffix}`, judged(measured.median, goal, limit));
};
const whole = ({ median, least, most }: Spread): string =>
  `${Math.round(median)} (${Math.round(least)} to ${Math.round(most)})`;

/** Returns the figures in Markdown. Each figure with a limit has a note that tells whether it is within the limit. */
export function table(figures: Figures): string {
  const { startUp, beside, growth, commands, graphs } = figures;
  const floors = [head('What', 'Goal', 'Limit', 'Measured', ''), ...limits(figures).map(limitRow)];
  const starts = [
    head('Node', 'Command', 'Time', 'Time, relative to `node -e 0`', 'CPU, relative to `node -e 0`'),
    ...startUp.flatMap(({ version, samples }) =>
      (['node', 'version', 'help', 'synth', 'first'] as const).map((name) =>
        row(
          version,
          startUpNames[name],
          seconds(of(samples[name], 'wall')),
          name === 'node' ? '1' : times(ratio(samples[name], samples.node, 'wall')),
          name === 'node' ? '1' : times(ratio(samples[name], samples.node, 'cpu')),
        ),
      ),
    ),
  ];
  const compared = [
    head('Objects', 'Program', 'Time', 'CPU', 'Memory', 'Time, relative to `kaniflux synth`'),
    ...beside.flatMap(({ objects, samples }) =>
      Object.entries(samples).map(([name, list]) =>
        row(
          number(objects),
          names[name] ?? name,
          seconds(of(list, 'wall')),
          seconds(of(list, 'cpu')),
          `${Math.round(of(list, 'memory'))} MB`,
          name === 'kaniflux' ? '1' : times(ratio(list, samples.kaniflux as readonly Sample[], 'wall')),
        ),
      ),
    ),
  ];
  const grown = [
    head(
      'Objects',
      'Clusters',
      'Config',
      'First run',
      'CPU',
      'CPU for each object',
      'Memory',
      'Second run, nothing changed',
      '`--cluster`, one cluster',
    ),
    ...growth.map((size) =>
      row(
        number(size.objects),
        number(size.clusters),
        `${spellingNames[size.spelling]}${size.hasWarning ? ', one warning' : ''}`,
        seconds(of(size.first, 'wall')),
        seconds(of(size.first, 'cpu')),
        `${number(Math.round(perObject(size).median))} µs`,
        `${Math.round(of(size.first, 'memory'))} MB`,
        `${seconds(of(size.second, 'wall'))}, CPU ${seconds(of(size.second, 'cpu'))}`,
        seconds(of(size.one, 'wall')),
      ),
    ),
  ];
  const waited = [
    head('Clusters', 'Config', 'Command', 'CPU', 'CPU, relative to `synth`', 'Memory'),
    ...commands.flatMap(({ spelling, size, samples }) =>
      commandRows.flatMap((name) => {
        const list = samples[name];
        if (!list) return [];
        return row(
          number(size.clusters),
          spellingNames[spelling],
          commandNames[name],
          seconds(of(list, 'cpu')),
          short(of(list, 'cpu') / of(samples.synth, 'cpu')),
          `${Math.round(of(list, 'memory'))} MB`,
        );
      }),
    ),
  ];
  const graphed = [
    head('Groups', 'Command', 'CPU', 'Memory'),
    ...graphs.flatMap(({ shape, samples }) =>
      (['synth', 'check', 'whoCan'] as const).map((name) =>
        row(
          graphNames[shape],
          commandNames[name],
          seconds(samples[name].cpu),
          `${Math.round(samples[name].memory)} MB`,
        ),
      ),
    ),
  ];
  const machine = `Measured on ${new Date().toISOString().slice(0, 10)} with Node ${process.version} on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'an unknown CPU'}${figures.inMemory ? ', on a file system in memory' : ''}. The figures are medians, with the lowest and the highest figure in parentheses. For memory, and for groups in groups, the highest figure is compared with the goal and the limit. For the start-up, one version of Node built the package, and each version ran this package.`;
  return [
    machine,
    floors.join('\n'),
    '### Start-up',
    starts.join('\n'),
    '### Compared with other programs',
    compared.join('\n'),
    '### Growth',
    grown.join('\n'),
    '### Commands over a fleet',
    'Each cluster has a hundred grants.',
    waited.join('\n'),
    '### Groups in groups',
    graphed.join('\n'),
    '',
  ].join('\n\n');
}

const startUpNames = {
  node: '`node -e 0`',
  version: '`kaniflux --version`',
  help: '`kaniflux --help`',
  synth: '`kaniflux synth`, the home lab',
  first: '`kaniflux synth`, the home lab, without compiled code of an earlier run',
} as const;
const commandNames = {
  read: '`synth --cluster`, for one cluster: mostly reading the config',
  synth: '`synth`, the first run',
  check: '`check`',
  checkQuiet: '`check`, the findings accepted',
  checkExpect: '`check`, the findings accepted, with 50 expectations',
  checkBase: '`check --base`, one grant changed',
  whoCan: '`who-can get secrets`',
  whoCanBecome: '`who-can become cluster-admin --ways 1`',
  report: '`report`',
  diff: '`diff` of one grant',
  diffMember: '`diff` of one member of a group that has rights on every cluster',
} as const;

const colours: Readonly<Record<string, string>> = {
  kaniflux: '#0b6e4f',
  cdk8s: '#c1440e',
  helm: '#1f4e9c',
  kustomize: '#7a5195',
  helm4: '#5b8def',
  jsonnet: '#b8860b',
};

/** Returns a chart of the CPU time by the number of objects, both with a logarithmic scale. */
export function picture({ beside, growth }: Figures): string {
  const lines: Record<string, [number, number][]> = {};
  for (const { objects, samples } of beside) {
    for (const [name, list] of Object.entries(samples)) {
      lines[name] ??= [];
      lines[name].push([objects, of(list, 'cpu')]);
    }
  }
  const clusters = growth
    .filter(({ spelling, hasWarning }) => spelling === 'block' && !hasWarning)
    .map(({ objects, first }): [number, number] => [objects, of(first, 'cpu')]);
  const [left, top, width, height] = [64, 16, 536, 340];
  const x = (objects: number) => left + (Math.log10(objects) / 5) * width;
  const y = (cpu: number) => top + height - ((Math.log10(Math.max(cpu, 0.01)) + 2) / 4) * height;
  const grid = [0, 1, 2, 3, 4, 5].map(
    (power) =>
      `<line class="grid" x1="${x(10 ** power)}" y1="${top}" x2="${x(10 ** power)}" y2="${top + height}"/><text x="${x(10 ** power)}" y="${top + height + 20}" text-anchor="middle">${number(10 ** power)}</text>`,
  );
  const scale = [-2, -1, 0, 1, 2].map(
    (power) =>
      `<line class="grid" x1="${left}" y1="${y(10 ** power)}" x2="${left + width}" y2="${y(10 ** power)}"/><text x="${left - 8}" y="${y(10 ** power) + 4}" text-anchor="end">${10 ** power} s</text>`,
  );
  const path = (points: readonly [number, number][], colour: string, dashed = false) => {
    const at = points.map(([objects, cpu]) => `${x(objects).toFixed(1)},${y(cpu).toFixed(1)}`);
    const dots = at.map(
      (point) => `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="3" fill="${colour}"/>`,
    );
    return `<polyline points="${at.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="5 4"' : ''}/>${dots.join('')}`;
  };
  const legend = [...Object.keys(lines), 'clusters'].map((name, i) => {
    const label = name === 'clusters' ? 'kaniflux synth, 100 a cluster' : (names[name] ?? name).replaceAll('`', '');
    const colour = colours[name === 'clusters' ? 'kaniflux' : name] ?? '#000';
    return `<line x1="${left + 12}" y1="${top + 16 + i * 20}" x2="${left + 40}" y2="${top + 16 + i * 20}" stroke="${colour}" stroke-width="2"${name === 'clusters' ? ' stroke-dasharray="5 4"' : ''}/><text x="${left + 48}" y="${top + 20 + i * 20}">${label}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400" role="img" aria-label="CPU time of each program over the number of objects">
<style>text { font: 12px sans-serif; fill: #333 } .grid { stroke: #ddd }</style>
<rect width="640" height="400" fill="#fff"/>
${[...grid, ...scale].join('\n')}
<text x="${left + width / 2}" y="394" text-anchor="middle">objects, and seconds of CPU</text>
${Object.entries(lines)
  .map(([name, points]) => path(points, colours[name] ?? '#000'))
  .join('\n')}
${path(clusters, colours.kaniflux as string, true)}
${legend.join('\n')}
</svg>
`;
}
