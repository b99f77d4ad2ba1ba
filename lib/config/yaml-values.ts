import {
  CORE_SCHEMA,
  constructFromEvents,
  defineScalarTag,
  EVENT_ID,
  type Event,
  mapTag,
  NOT_RESOLVED,
  parseEvents,
  SCALAR_STYLE,
  Schema,
  YAMLException,
} from 'js-yaml';
import { ambiguousStarts, clearerScalar, plainDay } from './yaml-ambiguous';

/** The value of a YAML text, or the offset of the part that is refused. */
export type YamlValue = { readonly value: unknown } | { readonly refusedAt: number };

/** The maximum depth of nesting. Only chart values can nest without limit, and no real chart needs a hundred levels. */
export const maxDepth = 100;

/**
 * Reads a text of YAML 1.2 with js-yaml, which takes half the time of `yaml`. If the text is refused, `yaml-faults.ts`
 * finds out why.
 * @param accepted called with the parse events of a text that is not refused
 */
export function readValue(text: string, accepted?: (events: readonly Event[]) => void): YamlValue {
  try {
    const events = eventsOf(text);
    const refused = events.findIndex((event, i) => isRefused(event) || isDayElsewhere(text, event, events[i - 1]));
    if (refused !== -1) return { refusedAt: offsetOf(events[refused]) };
    const documents = constructFromEvents(events, { source: text, schema });
    const [value] = documents;
    if (documents.length !== 1 || value === null) return { refusedAt: 0 };
    accepted?.(events);
    return { value };
  } catch (thrown) {
    if (thrown instanceof YAMLException) return { refusedAt: thrown.mark?.position ?? 0 };
    throw thrown;
  }
}

/**
 * Returns the parse events of a text.
 * @throws YAMLException if it is not valid YAML
 */
export const eventsOf = (text: string): Event[] => parseEvents(text, { maxDepth });

/** Returns the string that a scalar becomes as the key of a map. */
export const keyOf = (text: string, scalar: Event): string =>
  String(constructFromEvents([document, scalar, end], { source: text, schema })[0]);

const document: Event = { type: EVENT_ID.DOCUMENT, explicitStart: false, explicitEnd: false, directives: [] };
const end: Event = { type: EVENT_ID.POP };

/**
 * Whether an event is an anchor, alias or tag. They are refused because nested aliases can grow exponentially, and
 * because a config must be easy to review.
 */
const isRefused = (event: Event): boolean =>
  event.type === EVENT_ID.ALIAS || ('tagStart' in event && (event.tagStart !== -1 || event.anchorStart !== -1));

/**
 * Whether a scalar is a date that is not the value of `until`. Other programs read the other fields, and may read
 * the date as a timestamp.
 */
const isDayElsewhere = (text: string, event: Event, before: Event | undefined): boolean =>
  isPlain(event) &&
  event.valueEnd - event.valueStart === 10 &&
  text[event.valueStart + 4] === '-' &&
  plainDay.test(text.slice(event.valueStart, event.valueEnd)) &&
  !(before && isPlain(before) && text.slice(before.valueStart, before.valueEnd) === 'until');

type ScalarEvent = Extract<Event, { readonly style: unknown; readonly fast: boolean }>;

const isPlain = (event: Event): event is ScalarEvent =>
  event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN;

const offsetOf = (event: Event | undefined): number =>
  event && 'anchorStart' in event ? Math.max(0, event.anchorStart, 'tagStart' in event ? event.tagStart : 0) : 0;

const ambiguous = defineScalarTag('ambiguous', {
  implicit: true,
  implicitFirstChars: ambiguousStarts,
  resolve(source) {
    if (!plainDay.test(source) && clearerScalar(source) !== undefined) throw new YAMLException('ambiguous');
    return NOT_RESOLVED;
  },
  identify: () => false,
});

const map: typeof mapTag = {
  ...mapTag,
  addPair: (carrier, key, value) => (key === null ? 'a key must be a name' : mapTag.addPair(carrier, key, value)),
};

// The first tag that matches a scalar is used.
const schema = new Schema([ambiguous, ...CORE_SCHEMA.tags.filter(({ tagName }) => tagName !== map.tagName), map]);
