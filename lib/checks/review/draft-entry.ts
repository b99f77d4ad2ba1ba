import type { Config } from '../../config/config';
import { locate, positionOf, type Sources } from '../../config/locate';
import type { LocatedFinding, Path, Severity } from '../../findings/finding';
import type { Entry } from '../../findings/finding-list';
import { subjectAt } from '../subject-at';
import type { RuleFinding } from './review-rule';

/** The config that findings are about, and its files. */
interface DraftContext {
  readonly config: Config;
  readonly sources: Sources;
}

/** A finding of a rule. Its message is composed only on demand. */
export class DraftEntry implements Entry {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  private whole: LocatedFinding | undefined;

  constructor(
    private readonly from: DraftContext,
    readonly code: string,
    readonly severity: Severity,
    private readonly finding: RuleFinding,
  ) {
    const { file, line, column } = positionOf(from.sources, finding.place);
    this.file = file;
    this.line = line;
    this.column = column;
  }

  get cluster(): string | undefined {
    return this.finding.cluster ?? (this.clusters ? undefined : clusterAt(this.finding.place.path));
  }

  get clusters(): readonly string[] | undefined {
    return this.finding.clusters;
  }

  written(): LocatedFinding {
    const { code, severity, finding, from } = this;
    this.whole ??= locate(from.sources, { ...finding, code, severity }, subjectAt(from.config, finding.place.path));
    return this.whole;
  }
}

const clusterAt = ([section, name]: Path) => (section === 'clusters' && name !== undefined ? String(name) : undefined);
