/*
 * Regular expressions with classes of Unicode are in functions, since creating them takes a millisecond, and most runs
 * read only ASCII.
 */

/**
 * Characters that are invisible or change how other characters are displayed: control and format characters, fillers,
 * unusual spaces.
 */
const invisible = () => /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

const word = () => /[\p{L}\p{M}\p{N}]+/gu;
const ascii = /[A-Za-z]/;

/** Letters of scripts in which some letters look like Latin ones. */
const alike = () =>
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Georgian}]/u;

/** Letters that look exactly like Latin letters. A word that consists of them can be mistaken for a Latin word. */
const twins = () => /^[аеорсухіјѕһԁԛԝӏАВЕКМНОРСТУХІЈЅӀοαινυκρτχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ\p{M}\p{N}]+$/u;

/** Phonetic and other rare Latin letters that look like common ones and do not occur in names. */
const phonetic = /[\u0250-\u02af\u1d00-\u1dbf\ua720-\ua7ff]/u;

/** Whether a character is a variant of a letter or digit: full-width, mathematical, a Roman numeral. */
const isDressed = (character: string): boolean =>
  /[\p{L}\p{N}]/u.test(character) &&
  /^[A-Za-z0-9]+$/.test(character.normalize('NFKC')) &&
  !/^[\x20-\x7e]$/.test(character);

/**
 * Returns the first word that mixes Latin letters with letters of a script that looks like Latin, or with variants of
 * Latin letters, such as `vi\u0435w`; `undefined` if there is none.
 */
export const mixedWord = (text: string): string | undefined =>
  isAscii(text)
    ? undefined
    : text
        .match(word())
        ?.find((one) => ascii.test(one) && [...one].some((letter) => alike().test(letter) || isOdd(letter)));

/** The first invisible character, or `undefined`. */
export const invisibleIn = (text: string): string | undefined =>
  isAscii(text) ? undefined : (text.match(invisible()) ?? []).find((one) => one !== '\n' && one !== '\t');

const isOdd = (letter: string): boolean => phonetic.test(letter) || isDressed(letter);

/** Whether a text has only printable characters of ASCII: no line feed, no tab. */
export const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/**
 * Text in which misleading characters are replaced by escape sequences: control and format characters, marks that
 * change the direction of writing, letters of another script in a Latin word, words that look like Latin ones, and
 * variants of Latin letters.
 */
export function printable(text: string): string {
  if (isAscii(text)) return text;
  // If at least one word is clearly in another script, such as Cyrillic, words that consist only of look-alike letters
  // are not escaped either.
  const isForeign = (text.match(word()) ?? []).some(
    (one) => alike().test(one) && !ascii.test(one) && !twins().test(one),
  );
  const words = text.replace(word(), (one) => {
    const isMixed = ascii.test(one);
    const isTwin = !isForeign && !isMixed && alike().test(one) && twins().test(one);
    return [...one]
      .map((letter) => (((isTwin || isMixed) && alike().test(letter)) || isOdd(letter) ? spelled(letter) : letter))
      .join('');
  });
  return words.replace(invisible(), spelled);
}

/** Whether a text has no misleading characters. Line feeds are allowed. */
export const isClear = (text: string): boolean =>
  isAscii(text) || printable(text.replaceAll('\n', '')) === text.replaceAll('\n', '');

function spelled(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return `\\u${point > 0xffff ? `{${point.toString(16)}}` : point.toString(16).padStart(4, '0')}`;
}
