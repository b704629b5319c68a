/** What the demo does, in order, and how a person does the same (or goes on after stopping) by hand. */

export interface DemoStep {
  readonly id: 'phantom' | 'import' | 'rank' | 'train' | 'release' | 'synthesize' | 'evaluate' | 'report';
  readonly title: string;
}

export const demoSteps: readonly DemoStep[] = [
  { id: 'phantom', title: 'Phantom patients as DICOM files' },
  { id: 'import', title: 'Import' },
  { id: 'rank', title: 'Rank the pairs by mutual information: the best become the meta-validation set' },
  { id: 'train', title: 'Train with meta-learned weight maps' },
  { id: 'release', title: 'Release the model as ONNX with its card' },
  { id: 'synthesize', title: 'Synthesize a CT from the MR of a patient that training never saw' },
  { id: 'evaluate', title: 'Evaluate against the true CT, which only a phantom has' },
  { id: 'report', title: 'Montage and report' },
];

export type DemoStepId = DemoStep['id'];

/** `3/8 Rank …` */
export function stepHeading(id: DemoStepId): string {
  const at = demoSteps.findIndex((step) => step.id === id);
  return `${at + 1}/${demoSteps.length} ${demoSteps[at]?.title ?? id}`;
}

/** What to say when the demo was stopped in step `id`: what is there, and how to go on. */
export function howToGoOn(id: DemoStepId, workspace: string, run?: string): string {
  const place = `--workspace ${quoted(workspace)}`;
  const again = 'start afresh with: ilium demo';
  if (id === 'train' && run !== undefined)
    return `The demo so far is in ${workspace}. Go on training with: ilium train --resume ${run} ${place}; or ${again}`;
  if (id === 'phantom' || id === 'import' || run === undefined)
    return `The demo so far is in ${workspace}; ${again}`;
  return `The demo so far is in ${workspace} with the trained run ${run}. Go on with: ilium export-model ${run} --out DIR ${place}; or ${again}`;
}

function quoted(path: string): string {
  return /\s/.test(path) ? `"${path}"` : path;
}
