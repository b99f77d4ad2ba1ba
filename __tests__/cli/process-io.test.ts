import { processIo } from '../../lib/cli/process-io';

jest.mock('../../lib/cli/closed-output', () => ({
  ...jest.requireActual('../../lib/cli/closed-output'),
  isTerminal: () => true,
}));

const { env } = process;
afterEach(() => {
  process.env = env;
});

test.each([
  [{ TERM: 'xterm' }, { isTTY: true, color: true }],
  [
    { TERM: 'xterm', NO_COLOR: '1' },
    { isTTY: true, color: false },
  ],
  // Such a terminal prints escape sequences as they are, so no line can be replaced.
  [{ TERM: 'dumb' }, { isTTY: false, color: false }],
])('on a terminal with %j: %j', (variables, expected) => {
  process.env = variables;
  const { isTTY, color } = processIo();
  expect({ isTTY, color }).toEqual(expected);
});
