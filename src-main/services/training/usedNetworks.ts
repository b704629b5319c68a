/** Which installed weights a run looks through, and whether they are still those it began with. */
import { featureNetworks } from '../../learn/losses/featureLosses.ts';
import { AppError } from '../../shared/appError.ts';
import type { RunRecord } from '../../workflows/train/runFolder.ts';
import { trainerConfig } from '../../workflows/train/trainerConfig.ts';
import type { TrainingConfig } from '../../workflows/train/trainingConfig.ts';
import type { UsedNetwork } from '../../workflows/train/usedNetwork.ts';
import { weightsDirectory } from '../weights/weightsDirectory.ts';
import { isPublished, readWeightsRecord } from '../weights/weightsRecord.ts';

/** The installed networks that a run of `config` looks through; none where they are drawn. Throws WEIGHTS_NOT_INSTALLED. */
export async function usedNetworks(config: TrainingConfig): Promise<UsedNetwork[]> {
  if (config.features !== 'vgg') return [];
  const directory = weightsDirectory();
  return Promise.all(
    [...featureNetworks(trainerConfig(config)).keys()].map(async (network) => {
      const record = await readWeightsRecord(directory, network);
      if (!record) throw new AppError('WEIGHTS_NOT_INSTALLED', { name: network });
      const sha256 = record.sources.map((source) => source.sha256).join(' ');
      return { network, sha256, published: isPublished(record) };
    }),
  );
}

/**
 * Throws WEIGHTS_CHANGED where a network's weights are not those the run was prepared with, WEIGHTS_NOT_INSTALLED. Published files of one
 * network hold the same weights. A run from before they were recorded takes what is installed.
 */
export async function requireSameNetworks({
  runId,
  config,
  networks,
}: Pick<RunRecord, 'runId' | 'config' | 'networks'>): Promise<void> {
  const installed = await usedNetworks(config);
  for (const { network, sha256, published } of networks ?? []) {
    const now = installed.find((one) => one.network === network);
    const isSame = now?.sha256 === sha256 || (published && now?.published === true);
    if (now && !isSame)
      throw new AppError('WEIGHTS_CHANGED', {
        run: runId,
        name: network,
        expected: sha256.slice(0, 12),
        actual: now.sha256.slice(0, 12),
      });
  }
}
