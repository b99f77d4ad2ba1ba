import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { diskReader } from '../../existing/disk-reader';
import { formatFindings } from '../../findings/finding-text';
import { reportData } from '../../report/collect';
import { generator, reportPage } from '../../report/page';
import { type Command, type Io, UserError } from '../command';
import { configOption, parseConfigFile } from '../config-file';
import { docsFolder } from '../docs-folder';
import { manifestsAndLeftOut, manifestsOption } from '../manifests-option';
import { replaceFile } from '../replace-file';

export const command: Command = {
  name: 'report',
  usage: '[options]',
  details: `Writes an HTML page that shows who has access to what: a picture of people, groups, roles and clusters (follow the
connections with the mouse or the keyboard), a table of all people, and the findings of \`kaniflux check\`. The page needs
no network and sends nothing. It contains names from the config and the manifests, and user names at API servers. It
contains a mail address only if an API server uses the address as a user name. It has no keys or secrets. The same config
renders the same bytes.`,
  examples: [
    'kaniflux report',
    'kaniflux report --manifests . -o access.html',
    'kaniflux report -c clusters/kaniflux.yaml -o - > access.html',
  ],
  options: {
    config: configOption,
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      default: 'kaniflux-report.html',
      description: 'The file to write; - for standard output',
    },
    manifests: manifestsOption,
  },
  async run({ options, args, io }) {
    if (args.length > 0)
      throw new UserError('report takes no arguments; name the config with -c, and the file to write with -o');
    const { config, findings, sources } = await parseConfigFile(String(options.config), io, diskReader, {
      keepPlaces: true,
    });
    if (!config) {
      io.stderr(formatFindings(findings, { color: io.color, docs: docsFolder(io.cwd) }));
      return 2;
    }
    const read = manifestsAndLeftOut(options.manifests, io, config);
    const page = reportPage(reportData({ config, sources, warnings: findings, ...read }));
    if (options.output === '-') io.stdout(page);
    else write(String(options.output), page, io);
    return 0;
  },
};

function write(output: string, page: string, io: Io): void {
  const file = resolve(io.cwd, output);
  refuseForeign(file, output);
  replaceFile(file, page, output);
  io.stderr(`wrote ${output}\n`);
}

/** Refuses to overwrite a file that is not an earlier report, so that `-o kaniflux.yaml` by mistake does no harm. */
function refuseForeign(file: string, output: string): void {
  if (!existsSync(file)) return;
  const kind = statSync(file);
  if (kind.isDirectory()) throw new UserError(`${output} is a folder; name a file in it with -o`);
  if (kind.isFile() && kind.size > 0 && !readFileSync(file, 'utf8').includes(generator)) {
    throw new UserError(`${output} exists and is not a report, so it is not overwritten; name another file with -o`);
  }
}
