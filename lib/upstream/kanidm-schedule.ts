/*
 * The cron expression of Kanidm's online backups. kanidmd does not start if it cannot parse the expression. This was
 * tried with kanidmd 1.11.1. Its parser, https://docs.rs/cron, differs from crontab in the numbers of weekdays.
 */

interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = 'january february march april may june july august september october november december'.split(' ');
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

const second: CronField = { name: 'second', min: 0, max: 59 };
const year: CronField = { name: 'year', min: 1970, max: 2100 };
const five: readonly CronField[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of the week', min: 1, max: 7, names: weekdays },
];

const shorthands = ['@hourly', '@daily', '@weekly', '@monthly', '@yearly'];

const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Returns why kanidmd would not start with this backup schedule, as a sentence without a full stop; `undefined` if it
 * would.
 */
export function backupScheduleProblem(schedule: string): string | undefined {
  const texts = schedule.trim().split(/\s+/);
  if (texts.length === 1 && schedule.trim().startsWith('@')) {
    return shorthands.includes(schedule.trim()) ? undefined : `Kanidm knows ${shorthands.join(', ')}`;
  }
  const fields = { 5: five, 6: [second, ...five], 7: [second, ...five, year] }[texts.length];
  if (!fields) return 'a cron expression has five fields: minute, hour, day of the month, month, day of the week';
  const values = fields.map((field, i) => valuesOf(texts[i] ?? '', field));
  const wrong = values.find((value) => typeof value === 'string');
  if (typeof wrong === 'string') return wrong;
  const of = (name: string) => {
    const value = values[fields.findIndex((field) => field.name === name)];
    return typeof value === 'object' ? value : [];
  };
  const longest = Math.max(...of('month').map((month) => daysOfMonths[month - 1] ?? 31));
  return of('day of the month').every((day) => day > longest)
    ? 'the selected months have none of the selected days'
    : undefined;
}

/** Returns the values that a field selects, or what is wrong with the field. */
function valuesOf(text: string, field: CronField): number[] | string {
  const all: number[] = [];
  for (const part of text.split(',')) {
    const [range = '', step, ...rest] = part.split('/');
    const [from = '', to, ...more] = range.split('-');
    const any = range === '*' || range === '?';
    const first = any ? field.min : numberOf(from, field);
    const last = any || (step !== undefined && to === undefined) ? field.max : numberOf(to ?? from, field);
    const stride = step === undefined ? 1 : Number(/^[1-9]\d*$/.test(step) ? step : Number.NaN);
    if (first === undefined || last === undefined || rest.length + more.length > 0 || Number.isNaN(stride)) {
      return `\`${part}\` is not valid for the ${field.name} (${hint(field)})`;
    }
    if (first > last) return `\`${part}\` ends before it begins`;
    for (let value = first; value <= last; value += stride) all.push(value);
  }
  return all;
}

const hint = ({ min, max, names }: CronField): string =>
  names === weekdays ? 'a name such as `mon`, or 1 for Sunday to 7 for Saturday' : `${min} to ${max}`;

function numberOf(text: string, { min, max, names = [] }: CronField): number | undefined {
  const name = text.toLowerCase();
  const index = names.findIndex((full) => full === name || full.slice(0, 3) === name);
  if (index >= 0) return index + 1;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}
