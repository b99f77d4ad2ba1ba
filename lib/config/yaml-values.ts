import {
  CORE_SCHEMA,
  constructFromEvents,
  defineScalarTag,
  EVENT_ID,
  type Event,
  mapTag,
  NOT_RESOLVED,
  parseEvents,
  Schema,
  YAMLException,
} from 'js-yaml';
import { ambiguousStarts, clearerScalar } from './yaml-ambiguous';

/** The value of a YAML text, or the offset at which it is refused. */
export type YamlValue = { readonly value: unknown } | { readonly refusedAt: number };

/** Chart values nest, and nothing else does; a hundred levels are more than any of them has. */
export const maxDepth = 100;

/**
 * Reads a text of YAML 1.2, with js-yaml: it takes half the time of `yaml`. What is refused here is read with `yaml`
 * for a message that helps: `yaml-faults.ts`.
 */
export function readValue(text: string): YamlValue {
  try {
    const events = eventsOf(text);
    const refused = events.findIndex(isRefused);
    if (refused !== -1) return { refusedAt: offsetOf(events[refused]) };
    const documents = constructFromEvents(events, { source: text, schema });
    const [value] = documents;
    return documents.length === 1 && value !== null ? { value } : { refusedAt: 0 };
  } catch (thrown) {
    if (thrown instanceof YAMLException) return { refusedAt: thrown.mark?.position ?? 0 };
    throw thrown;
  }
}

/** The parts of a text in their order. Throws a YAMLException where it is no YAML. */
export const eventsOf = (text: string): Event[] => parseEvents(text, { maxDepth });

/** A scalar by itself, as the key of a map. */
export const keyOf = (text: string, scalar: Event): string =>
  String(constructFromEvents([document, scalar, end], { source: text, schema })[0]);

const document: Event = { type: EVENT_ID.DOCUMENT, explicitStart: false, explicitEnd: false, directives: [] };
const end: Event = { type: EVENT_ID.POP };

/** Aliases can multiply without end, and a config is data that people read: no anchors, and no tags. */
const isRefused = (event: Event): boolean =>
  event.type === EVENT_ID.ALIAS || ('tagStart' in event && (event.tagStart !== -1 || event.anchorStart !== -1));

const offsetOf = (event: Event | undefined): number =>
  event && 'anchorStart' in event ? Math.max(event.anchorStart, 'tagStart' in event ? event.tagStart : 0) : 0;

const ambiguous = defineScalarTag('ambiguous', {
  implicit: true,
  implicitFirstChars: ambiguousStarts,
  resolve(source) {
    if (clearerScalar(source) !== undefined) throw new YAMLException('ambiguous');
    return NOT_RESOLVED;
  },
  identify: () => false,
});

const map: typeof mapTag = {
  ...mapTag,
  addPair: (carrier, key, value) => (key === null ? 'a key must be a name' : mapTag.addPair(carrier, key, value)),
};

// The first tag that takes a scalar wins.
const schema = new Schema([ambiguous, ...CORE_SCHEMA.tags.filter(({ tagName }) => tagName !== map.tagName), map]);
