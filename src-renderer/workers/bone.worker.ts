/** The bone worker: surfaces, distances and picks off the window's thread. */
import type { BoneAnswer, BoneMessage } from './boneProtocol.ts';
import { BoneQueue } from './boneQueue.ts';
import { BoneTasks } from './boneTasks.ts';

declare const self: DedicatedWorkerGlobalScope;

const tasks = new BoneTasks();
const channel = new MessageChannel();
const rested: (() => void)[] = [];
channel.port1.onmessage = () => rested.shift()?.();

function rest(): Promise<void> {
  return new Promise((resolve) => {
    rested.push(resolve);
    channel.port2.postMessage(null);
  });
}

/** Meshes stay here for the next question, so answers are copies. */
function send(answer: BoneAnswer): void {
  self.postMessage(answer);
}

const queue = new BoneQueue((request) => tasks.run(request), send, rest);
self.onmessage = ({ data }: MessageEvent<BoneMessage>) => void queue.hear(data);
