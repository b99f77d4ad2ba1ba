import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Reader } from '../../config/reader';
import { diskReader } from '../../existing/disk-reader';
import { type ExpiredFile, expire, type NotRemoved } from '../../expire/expire-config';
import { formatFindings } from '../../findings/finding-text';
import { parseConfig } from '../../load';
import { terminal } from '../../output/text-escapes';
import { atOption, dayOf } from '../at-option';
import { type Command, UserError } from '../command';
import { configFileOption } from '../config-file';
import { docsFolder } from '../docs-folder';
import { replaceFile } from '../replace-file';
import { loadAt } from '../review';

export const command: Command = {
  name: 'expire',
  usage: '[options]',
  details: `Removes ended grants and memberships from the config, and prints each of them. A grant or membership ends at the end of
its last day (\`until\`) in UTC. No other line changes: comments, quotes and the order stay. If a grant or membership can
only be removed by hand, nothing is written, its place is printed with the reason, and the exit code is 2.
Run \`kaniflux synth\` afterwards. With --check, nothing is written, and the exit code is 1 if something has ended.`,
  examples: ['kaniflux expire', 'kaniflux expire --check', 'kaniflux expire --at 2027-02-01'],
  options: {
    config: configFileOption,
    at: {
      ...atOption,
      description: 'Remove the grants and memberships that have ended by this day in UTC (default today)',
    },
    check: { type: 'boolean', description: 'Only print what has ended; write nothing' },
  },
  async run({ options, args, io }) {
    if (args.length > 0) throw new UserError(`expire takes no arguments; name the config with -c ${args[0]}`);
    const name = String(options.config);
    if (name === '-')
      throw new UserError('expire needs the config as a file, not from standard input, because it changes this file');
    const at = dayOf(options.at);
    const { config, findings, sources } = await loadAt(name, io);
    const docs = docsFolder(io.cwd);
    if (!config) {
      io.stderr(formatFindings(findings, { color: io.color, docs }));
      return 2;
    }
    const path = resolve(io.cwd, name);
    const pathOf = (file: string) => (file === sources.main.file ? path : join(dirname(path), file));
    const { files, not } = expire(config, sources, at, (file) => textOf(pathOf(file)));
    if (not) {
      io.stderr(`kaniflux: nothing was written, because these can only be removed by hand:\n${byHand(not)}`);
      return 2;
    }
    if (files.length === 0) {
      io.stderr(`nothing has ended by ${at}\n`);
      return 0;
    }
    const rest = new Map(files.map(({ file, text }) => [pathOf(file), text]));
    const after = parseConfig(
      sources.main.file,
      textBytes(rest.get(path) ?? textOf(path)),
      over(diskReader(dirname(path)), path, rest),
    );
    if (!after.config) {
      io.stderr(`kaniflux: nothing was written, because the config would have errors after the removal:\n`);
      io.stderr(formatFindings(after.findings, { color: io.color, docs }));
      return 2;
    }
    io.stdout(
      files
        .flatMap(({ ended }) =>
          ended.map(({ what, until }) => `the last day of ${terminal(what)} was ${until} (UTC)\n`),
        )
        .join(''),
    );
    if (options.check === true) return 1;
    for (const [file, text] of rest) replaceFile(file, text);
    io.stderr(files.map(summary).join(''));
    return 0;
  },
};

const byHand = (not: readonly NotRemoved[]): string =>
  not
    .map(({ ending, file, line, column, why }) => `${terminal(`${file}:${line}:${column} ${ending.what}: ${why}`)}\n`)
    .join('');

const summary = ({ file, comments, ended }: ExpiredFile): string => {
  const lines =
    comments.length === 0
      ? ''
      : `; comments next to the removed entries were kept (before the removal, they were in line ${comments.join(', ')}): check whether they still apply`;
  return `${terminal(file)}: ${ended.length} removed${lines}\n`;
};

/** The text of a file, with its byte order mark if it has one. */
const textOf = (path: string): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(readFileSync(path));

const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Returns a reader with replaced texts for some files. */
const over = (reader: Reader, config: string, texts: ReadonlyMap<string, string>): Reader => ({
  list: (folder) => reader.list(folder),
  read(file) {
    const text = texts.get(join(dirname(config), file));
    return text === undefined ? reader.read(file) : textBytes(text);
  },
});
