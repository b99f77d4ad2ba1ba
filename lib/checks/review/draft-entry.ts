import type { Config } from '../../config/config';
import { locate, positionOf, type Sources } from '../../config/locate';
import type { LocatedFinding, Path, Place, Severity } from '../../findings/finding';
import type { Entry } from '../../findings/finding-list';
import { subjectAt } from '../subject-at';
import type { RuleFinding } from './review-rule';

/** Finds the file, line and column of places in a config. Cached, since several findings can share a place. */
export class Places {
  private readonly positions = new Map<Place, ReturnType<typeof positionOf>>();

  constructor(
    readonly config: Config,
    readonly sources: Sources,
  ) {}

  positionOf(place: Place): ReturnType<typeof positionOf> {
    let position = this.positions.get(place);
    if (!position) {
      position = positionOf(this.sources, place);
      this.positions.set(place, position);
    }
    return position;
  }
}

/** A finding of a rule. Its message is composed only on demand. */
export class DraftEntry implements Entry {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  private whole: LocatedFinding | undefined;

  constructor(
    private readonly places: Places,
    readonly code: string,
    readonly severity: Severity,
    private readonly finding: RuleFinding,
  ) {
    const { file, line, column } = places.positionOf(finding.place);
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
    const { code, severity, finding, places } = this;
    this.whole ??= locate(places.sources, { ...finding, code, severity }, subjectAt(places.config, finding.place.path));
    return this.whole;
  }
}

const clusterAt = ([section, name]: Path) => (section === 'clusters' && name !== undefined ? String(name) : undefined);
