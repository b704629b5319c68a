/**
 * The sentences the application writes into what it tells and keeps, read from its sources: what is called `reason`, `note`, `problem`
 * and the like, and what the small functions that throw (`invalid('…')`) are given. Filled-in places are `{}`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const names: ReadonlySet<string> = new Set([
  'difference',
  'intendedUse',
  'note',
  'problem',
  'range',
  'reason',
  'speed',
]);
const throwers: ReadonlySet<string> = new Set([
  'corrupt',
  'fail',
  'failed',
  'invalid',
  'refuse',
  'truncated',
  'unsupported',
]);

/** What only the command line says, which speaks English. */
const terminalAlone = /^cli\b|\/compare\//;

/** The text of a string or template; the texts of both branches of a condition; nothing else. */
function textsOf(node: ts.Node | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('{}')];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return textsOf(node.expression);
  return [];
}

function nameOf(node: ts.Node | undefined): string {
  return node && (ts.isIdentifier(node) || ts.isStringLiteral(node)) ? node.text : '';
}

function phrasesOf(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isNamed = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node);
    if (isNamed && names.has(nameOf(node.name))) found.push(...textsOf(node.initializer));
    if (ts.isCallExpression(node) && throwers.has(nameOf(node.expression)))
      found.push(...textsOf(node.arguments[0]));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Every sentence of more than one word, once; `folder` is searched with its subfolders. */
export function writtenPhrases(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !terminalAlone.test(path),
  );
  const texts = files.flatMap((path) => phrasesOf(resolve(folder, path)));
  return [...new Set(texts)].filter((text) => /[a-z]{2} | [a-z]{2}/.test(text.replaceAll('{}', ''))).sort();
}
