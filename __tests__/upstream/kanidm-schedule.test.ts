import { backupScheduleProblem } from '../../lib/upstream/kanidm-schedule';

/* Each row was tried on kanidmd 1.11.1: docs/verified.md. */

test.each([
  '00 22 * * *',
  '0 00 22 * * *',
  '0 22 * * * * *',
  '0 22 ? * *',
  '*/15 * * * *',
  '0/5 * * * *',
  '0 22 * * 1',
  '0 22 * * 7',
  '0 22 * * MON',
  '0 22 * * Mon-Fri',
  '0 22 * * sunday',
  '0 22 * january *',
  '1,2 2 1-5/2 * *',
  '0  22 * * *',
  ' 0 22 * * *',
  '@hourly',
  '@daily',
  '@weekly',
  '@monthly',
  '@yearly',
])('kanidmd starts with `%s`', (schedule) => {
  expect(backupScheduleProblem(schedule)).toBeUndefined();
});

test.each([
  ['0 22 * * 0', '`0` is not valid for the day of the week (a name such as `mon`, or 1 for Sunday to 7 for Saturday)'],
  ['0 22 0 * *', '`0` is not valid for the day of the month (1 to 31)'],
  ['0 22 * 13 *', '`13` is not valid for the month (1 to 12)'],
  ['60 22 * * *', '`60` is not valid for the minute (0 to 59)'],
  ['0 24 * * *', '`24` is not valid for the hour (0 to 23)'],
  ['0 25 * * *', '`25` is not valid for the hour (0 to 23)'],
  ['0 22 L * *', '`L` is not valid for the day of the month (1 to 31)'],
  ['H 22 * * *', '`H` is not valid for the minute (0 to 59)'],
  ['0 22 * * 5-2', '`5-2` ends before it begins'],
  ['0 22 31 2 *', 'the selected months have none of the selected days'],
  ['@annually', 'Kanidm knows @hourly, @daily, @weekly, @monthly, @yearly'],
  ['@midnight', 'Kanidm knows @hourly, @daily, @weekly, @monthly, @yearly'],
  ['nonsense', 'a cron expression has five fields: minute, hour, day of the month, month, day of the week'],
])('kanidmd does not start with `%s`', (schedule, problem) => {
  expect(backupScheduleProblem(schedule)).toBe(problem);
});
