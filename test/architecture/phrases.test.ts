import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { methodPartNames, resolveParts, trainingMethods } from '../../src-main/shared/trainingMethods.ts';
import { methodNotes } from '../../src-main/workflows/train/methodNotes.ts';
import { makeTrainingConfig } from '../../src-main/workflows/train/trainingConfig.ts';
import { createPhrases } from '../../src-renderer/lib/phrases.ts';
import { writtenPhrases } from './writtenPhrases.ts';

const root = resolve(import.meta.dirname, '../..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(resolve(root, path), 'utf8'));
const { phrases } = readJson('resources/locales/de.json') as { phrases: Record<string, string> };
const unnamed = (text: string): string => text.replace(/\{\w+\}/g, '{}');
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
const known = new Set(Object.keys(phrases).map(unnamed));

describe('what the application says inside its errors and findings', () => {
  it('is found in its sources', () => {
    expect(writtenPhrases(resolve(root, 'src-main')).length).toBeGreaterThan(80);
  });

  it('is there in German', () => {
    expect(writtenPhrases(resolve(root, 'src-main')).filter((text) => !known.has(text))).toEqual([]);
  });

  it('names the same parts in German', () => {
    const differing = Object.entries(phrases).filter(([english, german]) =>
      places(german).some((name) => !places(english).includes(name)),
    );
    expect(differing).toEqual([]);
  });

  it('includes what the card of a run’s model says of its method', () => {
    const { translate } = createPhrases(phrases);
    const switches = methodPartNames.flatMap((part) => [{}, { [part]: true }, { [part]: false }]);
    const notes = trainingMethods.flatMap((method) =>
      switches.flatMap((parts) =>
        (['vgg', 'random', 'none'] as const).flatMap((features) => {
          const base = makeTrainingConfig('pgan', 'quick', { features });
          const config = { ...base, method, parts: resolveParts(method, parts, features) };
          const installed = [true, false].map((published) =>
            (['vgg16', 'vgg19'] as const).map((network) => ({ network, sha256: '0a1b', published })),
          );
          return [
            ...installed.map((networks) => methodNotes({ config, networks })),
            methodNotes({ config }),
          ].flat();
        }),
      ),
    );
    expect(new Set(notes).size).toBeGreaterThan(16);
    expect(notes.filter((note) => /\b(the|which|loss)\b/i.test(translate(note)))).toEqual([]);
  });

  it('includes what the card of the bundled model says', () => {
    const { intendedUse } = readJson('resources/models/phantom/card.json') as { intendedUse: string };
    expect(phrases[intendedUse]).toBeDefined();
  });
});
