/**
 * @typedef {object} Bench
 * @property {HTMLElement} widget the live element
 * @property {Function} Cover its class
 * @property {string} photo address of a sample photo
 */

/**
 * @typedef {object} Try a call that the playground makes
 * @property {(bench: Bench) => unknown} run a string that it answers is shown
 * @property {string} code the same as a page would write it
 * @property {boolean} [ofClass] whether the code needs the class `Cover`
 * @property {Record<string, string>} [attributes] set afterwards
 */

const forms = { one: 'żeton', few: 'żetony', many: 'żetonów', other: 'żetonu' };
const formsCode = `{ one: 'żeton', few: 'żetony', many: 'żetonów', other: 'żetonu' }`;

/** @type {Record<string, Try>} by the name on the button */
export const tries = {
  photo: {
    async run({ widget, photo }) {
      const blob = await (await fetch(photo)).blob();
      widget.pickFile(new File([blob], 'photo.jpg', { type: blob.type }));
    },
    code: 'widget.pickFile(file); // a File that your page already has',
  },
  text: {
    run({ widget }) {
      widget.pickFile(new File(['Not a picture.'], 'note.txt', { type: 'text/plain' }));
    },
    code: `widget.pickFile(new File(['Not a picture.'], 'note.txt', { type: 'text/plain' }));`,
  },
  title: {
    run: ({ Cover }) => Cover.addTexts('en', { texts: { title: 'Moving cover' } }),
    code: `Cover.addTexts('en', { texts: { title: 'Moving cover' } });`,
    ofClass: true,
  },
  polish: {
    run({ Cover }) {
      const texts = { title: 'Okładka wideo', tokens: Cover.counted('pl', forms) };
      Cover.addTexts('pl', { base: 'en', texts });
    },
    code: [
      `Cover.addTexts('pl', {`,
      `  base: 'en',`,
      `  texts: { title: 'Okładka wideo', tokens: Cover.counted('pl', ${formsCode}) },`,
      '});',
    ].join('\n'),
    ofClass: true,
    attributes: { lang: 'pl' },
  },
  count: {
    run: ({ Cover }) => [1, 2, 5].map(Cover.counted('pl', forms)).join(', '),
    code: `const tokens = Cover.counted('pl', ${formsCode});`,
    ofClass: true,
  },
};
