import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fliteVoice } from '../../demo/server/speech/flite-voices.js';
import { sentences } from '../../demo/server/speech/sentences.js';
import { speakableText } from '../../demo/server/speech/speakable-text.js';

describe('text for the voice', () => {
  it('loses its accents and keeps its letters', () => {
    assert.equal(
      speakableText('Zoë’s café in Łódź, São Paulo, Straße, Æsop'),
      "Zoe's cafe in Lodz, Sao Paulo, Strasse, Aesop",
    );
  });

  it('reads signs as words and ranges with "to"', () => {
    assert.equal(
      speakableText('R&D: 20% of £5, 3–5 days — or 2×4'),
      'R and D: 20 percent of pounds 5, 3 to 5 days, or 2 times 4',
    );
  });

  it('leaves out scripts that the voice cannot read, and markup', () => {
    assert.equal(speakableText('Hello Привет 你好 🎉 <b>*you*</b>!'), 'Hello b you /b!');
    assert.equal(speakableText('Привет, 你好! 🎉'), '');
    assert.equal(speakableText('… — !'), '');
  });

  it('keeps numbers as they are', () => {
    assert.equal(speakableText('In 2026 there were 1,234.5 of 3.'), 'In 2026 there were 1,234.5 of 3.');
  });

  it('is always one line of printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.match(speakableText(text), /^[ -~]*$/);
      }),
    );
  });
});

describe('sentences', () => {
  it('end at their marks, with closing quotes, and at line ends', () => {
    assert.deepEqual(sentences('Thank you! “Really?” she said… Yes.\nAnd then'), [
      ...['Thank you!', '“Really?”', 'she said…', 'Yes.', 'And then'],
    ]);
  });

  it('go on behind titles, initials and decimals', () => {
    assert.deepEqual(sentences('Mr. Smith met J. Doe at 3.5 miles. Dr. No was away.'), [
      'Mr. Smith met J. Doe at 3.5 miles.',
      'Dr. No was away.',
    ]);
    assert.deepEqual(sentences('No. I did not.'), ['No.', 'I did not.']);
  });

  it('are cut at a comma when very long', () => {
    const long = `${'so we went on and on, '.repeat(20)}until we stopped.`;
    const pieces = sentences(long);
    assert.ok(pieces.length > 1);
    for (const piece of pieces.slice(0, -1)) assert.match(piece, /,$/);
    for (const piece of pieces) assert.ok(piece.length <= 220);
    assert.equal(pieces.join(' '), long);
  });

  it('together hold every letter of the text, in order', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'b', '.', ' ', '!', '\n', '’', '"', '…', 'Mr.', 'x'.repeat(90)),
        }),
        (text) => {
          assert.equal(sentences(text).join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
        },
      ),
    );
  });

  it('of nothing are none', () => {
    assert.deepEqual(sentences('  \n '), []);
  });
});

describe('voices', () => {
  it('of the provider each speak with one of four, and an unknown one as the default', () => {
    assert.equal(fliteVoice('marin'), 'slt');
    assert.equal(fliteVoice('cedar'), 'rms');
    assert.equal(fliteVoice('ballad'), 'awb');
    assert.equal(fliteVoice('echo'), 'kal16');
    assert.equal(fliteVoice('nobody'), 'slt');
    assert.equal(fliteVoice('constructor'), 'slt');
  });
});
